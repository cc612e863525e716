import type { Judged } from './judge-run';

const [WIDTH, HEIGHT] = [960, 440];
const PLOT = { left: 70, right: 20, top: 90, bottom: 60 };
const COLORS = ['#1b6ca8', '#c2571a', '#2a8a4a', '#8a3ca8', '#444444'];
const SHARE_MAX = 1.2;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2];
const FONT = 'font-family="sans-serif" font-size="13"';

/** Share of the limit used by each group over time, with the faults, as an SVG of its own. */
export function drawPlot(judged: Judged): string {
  const x = (seconds: number): number => PLOT.left + (seconds / judged.seconds) * (WIDTH - PLOT.left - PLOT.right);
  const y = (share: number): number =>
    HEIGHT - PLOT.bottom - (Math.min(share, SHARE_MAX) / SHARE_MAX) * (HEIGHT - PLOT.top - PLOT.bottom);
  const [bottom, top] = [y(0), y(SHARE_MAX)];
  const text = (at: { x: number; y: number; anchor?: string; fill?: string }, words: string): string =>
    `<text x="${at.x.toFixed(1)}" y="${at.y.toFixed(1)}" text-anchor="${at.anchor ?? 'start'}" fill="${at.fill ?? '#222222'}" ${FONT}>${words}</text>`;
  const line = (from: [number, number], to: [number, number], style: string): string =>
    `<line x1="${from[0].toFixed(1)}" y1="${from[1].toFixed(1)}" x2="${to[0].toFixed(1)}" y2="${to[1].toFixed(1)}" ${style}/>`;

  const grid = TICKS.flatMap((share) => [
    line([PLOT.left, y(share)], [WIDTH - PLOT.right, y(share)], `stroke="${share === 1 ? '#888888' : '#e4e4e4'}"`),
    text({ x: PLOT.left - 8, y: y(share) + 4, anchor: 'end' }, `${Math.round(share * 100)} %`),
  ]);
  const every = judged.seconds <= 120 ? 15 : judged.seconds <= 600 ? 30 : 120;
  const seconds = Array.from({ length: Math.floor(judged.seconds / every) + 1 }, (_, index) => index * every);
  const times = seconds.flatMap((at) => [
    line([x(at), bottom], [x(at), bottom + 5], 'stroke="#444444"'),
    text({ x: x(at), y: bottom + 20, anchor: 'middle' }, String(at)),
  ]);
  const marks = judged.marks.flatMap(({ name, atSeconds, lastedSeconds }, index) => [
    `<rect x="${x(atSeconds).toFixed(1)}" y="${top.toFixed(1)}" width="${Math.max(1.5, x(atSeconds + lastedSeconds) - x(atSeconds)).toFixed(1)}" height="${(bottom - top).toFixed(1)}" fill="#d03030" fill-opacity="0.15"/>`,
    line([x(atSeconds), top - 8 - (index % 2) * 16], [x(atSeconds), bottom], 'stroke="#d03030" stroke-dasharray="3 3"'),
    text({ x: x(atSeconds) + 3, y: top - 4 - (index % 2) * 16, fill: '#a02020' }, name),
  ]);
  const curves = judged.groups.map(({ overTime }, index) => {
    const points = overTime.map(
      (share, bucket) => `${x((bucket + 0.5) * judged.bucketSeconds).toFixed(1)},${y(share).toFixed(1)}`,
    );
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${COLORS[index % COLORS.length]}" stroke-width="2"/>`;
  });
  const legend = judged.groups.flatMap(({ name }, index) => {
    const from = PLOT.left + index * 165;
    return [
      line([from, 46], [from + 24, 46], `stroke="${COLORS[index % COLORS.length]}" stroke-width="3"`),
      text({ x: from + 30, y: 50 }, /^\d/.test(name) ? `${name} a minute` : name),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text({ x: PLOT.left, y: 24 }, `Share of the limit used, in stretches of ${judged.bucketSeconds} s, by limit`),
    ...grid,
    ...times,
    ...marks,
    ...curves,
    ...legend,
    text(
      { x: (PLOT.left + WIDTH - PLOT.right) / 2, y: HEIGHT - 14, anchor: 'middle' },
      'seconds from the beginning of the run',
    ),
    '</svg>',
    '',
  ].join('\n');
}
