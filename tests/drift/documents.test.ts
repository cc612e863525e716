import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DOCUMENTS } from './documents';
import { isThere, listFiles, ROOT, readText } from './repository';

const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].filter(isThere);
const pages = [...documents, ...listFiles('docs', /\.md$/), ...listFiles('tests', /\.md$/)];

/** Targets of the links of a page that lead into the repository, without their anchors; none of its code. */
function linksOf(markdown: string): string[] {
  const prose = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(<?([^)\s>]+)[^)]*\)|^\[[^\]]+\]:\s*(\S+)/gm)].map(([, a, b]) => a ?? b ?? '');
  return targets
    .filter((target) => !/^([a-z]+:|\/\/|#)/i.test(target))
    .map((target) => decodeURI(target.split(/[#?]/)[0] ?? ''));
}

describe('documents', () => {
  // `npm run docs` writes them: this test with WRITE_DOCUMENTS set.
  test.each(Object.entries(DOCUMENTS))('%s repeats what the code says', (path, write) => {
    const current = isThere(path) ? readText(path) : '';
    if (process.env.WRITE_DOCUMENTS) writeFileSync(join(ROOT, path), write(current));
    else expect(current).toBe(write(current));
  });

  test('are written anew over a stale table, and what people wrote around it stays', () => {
    const stale = '# Errors\n\nMine.\n\n| code | status |\n| --- | --- |\n| `gone` | 400 |\n\nMine too.\n';
    const written = DOCUMENTS['docs/errors.md']?.(stale) ?? '';
    expect(written).toMatch(/^# Errors\n\nMine\.\n\n\| code /);
    expect(written).toMatch(/\|\n\nMine too\.\n$/);
    expect(written).not.toContain('gone');
    expect(DOCUMENTS['docs/errors.md']?.(written)).toBe(written);
  });

  test('README.md and CONTRIBUTING.md are there', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md']));
  });

  test.each(pages)('%s links only to files that exist', (page) => {
    const dead = linksOf(readText(page)).filter((target) => !isThere(join(dirname(page), target)));
    expect(dead).toEqual([]);
  });

  test.each(pages)('%s names only tests that exist', (page) => {
    const named = [...readText(page).matchAll(/`([a-z]\w*\/[\w/.-]*\.test\.ts)`/g)].map(([, path]) => path ?? '');
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });

  test('a dead link would be found, and neither code nor the web is looked up', () => {
    const page =
      '[a](./gone.md#x "t") ![b](<gone.png>) [c](https://example.com) [d](#here)\n```\n[e](e.md)\n```\n`[f](f.md)`\n[g]: gone-too.md\n';
    expect(linksOf(page)).toEqual(['./gone.md', 'gone.png', 'gone-too.md']);
  });
});
