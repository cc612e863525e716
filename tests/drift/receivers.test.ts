import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { classifyStatus } from '../../domain/classify-outcome';
import { SCHEDULE_PRESETS } from '../../schemas/retry-schedule';
import { LANGUAGES, type Language, type Message } from './receiver-languages';
import { readText } from './repository';

const page = readText('docs/receivers.md');
const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another secret, not known').toString('base64')}`;
const BODY = '{"name":"Zoë 你好","n":1.0,  "quote":"\\u00e9"}\n';
const ID = 'dlv_01ARZ3NDEKTSV4RRFFQ69G5FAV';
const MINUTE_MS = 60_000;
const GO_COMPILES_MS = 180_000;

/** A message signed by the official package, with one secret or several. */
function signed(change: { secrets?: string[]; ageMs?: number; body?: string } = {}): Message {
  const at = new Date(Date.now() - (change.ageMs ?? 0));
  const body = change.body ?? BODY;
  const signatures = (change.secrets ?? [SECRET]).map((secret) => new Webhook(secret).sign(ID, at, body));
  return {
    bodyBase64: Buffer.from(body).toString('base64'),
    headers: {
      'webhook-id': ID,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signatures.join(' '),
    },
    secret: SECRET,
  };
}
const withHeaders = (headers: Record<string, string>): Message => {
  const message = signed();
  return { ...message, headers: { ...message.headers, ...headers } };
};
const withSignature = (change: (signature: string) => string): Message => {
  const message = signed();
  const signature = change(message.headers['webhook-signature'] ?? '');
  return { ...message, headers: { ...message.headers, 'webhook-signature': signature } };
};

const CASES: readonly (readonly [saying: string, fits: boolean, message: () => Message])[] = [
  ['a good signature', true, () => signed()],
  ['an empty body', true, () => signed({ body: '' })],
  ['four minutes old', true, () => signed({ ageMs: 4 * MINUTE_MS })],
  ['a new and an old secret, known the new', true, () => signed({ secrets: [SECRET, OTHER] })],
  ['a new and an old secret, known the old', true, () => signed({ secrets: [OTHER, SECRET] })],
  ['a signature of another version beside', true, () => withSignature((signature) => `v2,abc ${signature}`)],
  ['a wrong secret', false, () => signed({ secrets: [OTHER] })],
  ['a changed body', false, () => ({ ...signed(), bodyBase64: Buffer.from(BODY.trim()).toString('base64') })],
  ['a changed id', false, () => withHeaders({ 'webhook-id': 'dlv_other' })],
  ['six minutes old', false, () => signed({ ageMs: 6 * MINUTE_MS })],
  ['six minutes ahead', false, () => signed({ ageMs: -6 * MINUTE_MS })],
  ['a timestamp that is none', false, () => withHeaders({ 'webhook-timestamp': 'now' })],
  ['no timestamp', false, () => withHeaders({ 'webhook-timestamp': '' })],
  ['no signature', false, () => withHeaders({ 'webhook-signature': '' })],
  ['the right signature as another version', false, () => withSignature((signature) => signature.replace('v1', 'v2'))],
  ['half a signature', false, () => withSignature((signature) => signature.slice(0, 20))],
];

/** The block of the page in a language. */
const blockOf = (fence: string): string =>
  new RegExp(`^\`\`\`${fence}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)?.[1] ?? '';
const isThere = ({ probe: [command = '', ...args] }: Language): boolean => spawnSync(command, args).status === 0;

function verifyAll(language: Language, messages: Message[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-receiver-'));
  try {
    for (const [name, text] of Object.entries(language.files(blockOf(language.fence))))
      writeFileSync(join(folder, name), text);
    const [command = '', ...args] = language.run;
    const ran = spawnSync(command, args, { cwd: folder, input: JSON.stringify(messages), encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`${language.fence} ended with ${ran.status}: ${ran.stderr}`);
    return JSON.parse(ran.stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('docs/receivers.md', () => {
  for (const language of LANGUAGES) {
    // A language that is missing shows as skipped, by name.
    const run = isThere(language) ? test : test.skip;
    run(
      `its ${language.fence} accepts what the official package signs, and nothing else${run === test ? '' : ' (NOT FOUND on this machine)'}`,
      () => {
        const fits = verifyAll(
          language,
          CASES.map(([, , message]) => message()),
        ) as boolean[];
        expect(CASES.map(([saying], index) => [saying, fits[index]])).toEqual(
          CASES.map(([saying, isGood]) => [saying, isGood]),
        );
      },
      GO_COMPILES_MS,
    );
  }

  test('has its blocks in the languages that are run, Node.js among them', () => {
    const fences = [...page.matchAll(/^```(\w+)$/gm)].map(([, fence]) => fence);
    expect(fences).toEqual(LANGUAGES.map(({ fence }) => fence));
    expect(isThere(LANGUAGES[0] as Language)).toBe(true);
  });

  test('says of every status the class that it has', () => {
    const rows = [...page.matchAll(/^\| ([\d ]+) \| `(\w+)`/gm)];
    expect(rows.length).toBeGreaterThanOrEqual(6);
    for (const [, statuses = '', outcome] of rows)
      for (const status of statuses.trim().split(' '))
        expect([status, classifyStatus(Number(status))]).toEqual([status, outcome]);
  });

  test('names the gaps of the usual schedule and their sum', () => {
    const gaps = SCHEDULE_PRESETS.standard;
    const spoken = gaps.map((gap) => (gap < 60 ? `${gap} s` : gap < 3600 ? `${gap / 60} min` : `${gap / 3600} h`));
    const hours = gaps.reduce((sum: number, gap) => sum + gap, 0) / 3600;
    expect(page).toContain(`**${spoken.join(', ')}**: ${hours.toFixed(1)} hours`);
  });
});
