import { Presets, SingleBar } from 'cli-progress';
import type { OnProgress } from './find-binary';

/** Shows fetches to the person. */
export interface ProgressShown {
  onProgress: OnProgress;
  /** call when nothing is fetched any more */
  end(): void;
}

/** A bar in a terminal; elsewhere one line per thing that is fetched. */
export function showProgress(onLine: (line: string) => void): ProgressShown {
  return process.stderr.isTTY ? showBar() : showLines(onLine);
}

function showLines(onLine: (line: string) => void): ProgressShown {
  let lastWhat = '';
  const onProgress: OnProgress = ({ what }) => {
    if (what !== lastWhat) onLine(`Fetching ${what}, once.`);
    lastWhat = what;
  };
  return { onProgress, end: () => {} };
}

function showBar(): ProgressShown {
  const bar = new SingleBar(
    {
      format: 'Fetching {what} {bar} {percentage}% {text}',
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  let isStarted = false;
  const onProgress: OnProgress = ({ what, fraction = 0, text = '' }) => {
    if (!isStarted) bar.start(100, 0, { what, text });
    isStarted = true;
    bar.update(Math.round(fraction * 100), { what, text });
  };
  return { onProgress, end: () => bar.stop() };
}
