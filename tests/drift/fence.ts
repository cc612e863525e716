import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { type Import, readSource } from './fence-syntax';
import { BARRELS, FILE_MAY_IMPORT, FREE, INSTEAD, LINES_MAX, MAY_IMPORT, MAY_USE, type Row } from './fence-table';

/** One crossing of the fence, told as a sentence that names file, line, what and why. */
export interface Violation {
  path: string;
  line: number;
  sentence: string;
}

/** A file of the repository: its path from the root, with forward slashes, and its text. */
export interface SourceFile {
  path: string;
  source: string;
}

const ENTRIES = /(^|\/|-)main\.ts$|^cli\/hookline\.ts$|^workers\/build-workflow-bundle\.ts$|^console\//;

const folderOf = (path: string): string => path.split('/')[0] ?? '';
const isFree = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) || FREE.some((folder) => folder === folderOf(path));
const isWithin = (target: string, places: readonly string[]): boolean =>
  places.some((place) => target === place || target.startsWith(`${place}/`));

/** `@scope/name/deep` is of package `@scope/name`; every built-in but `node:child_process` is `node:`. */
function packageOf(specifier: string): string {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (!isBuiltin(specifier)) return name;
  return name.replace(/^node:/, '') === 'child_process' ? 'node:child_process' : 'node:';
}

const ownersOf = (name: string): string[] => [
  ...Object.entries(MAY_IMPORT).flatMap(([folder, row]) => (row.packages.includes(name) ? [`${folder}/`] : [])),
  ...Object.entries(FILE_MAY_IMPORT).flatMap(([file, names]) => (names.includes(name) ? [file] : [])),
];

function checkPackage(path: string, row: Row, specifier: string): string | undefined {
  const root = folderOf(specifier);
  if (root in MAY_IMPORT || /^[#~/]|^@\//.test(specifier)) return 'our own files are imported by a relative path';
  const name = packageOf(specifier);
  const owners = ownersOf(name);
  if (row.packages === 'whatever no other folder owns')
    return owners.length === 0 ? undefined : `only ${owners.join(', ')} may: ${row.why}`;
  if (row.packages.includes(name) || FILE_MAY_IMPORT[path]?.includes(name)) return undefined;
  return owners.length === 0
    ? `no folder may: a new package needs a row in MAY_IMPORT`
    : `only ${owners.join(', ')} may: ${row.why}`;
}

function checkOurs(path: string, row: Row, { specifier, isType }: Import): string | undefined {
  const target = posix.join(posix.dirname(path), specifier).replace(/\.(js|ts|tsx)$/, '');
  if (target === 'package.json' && row.packages.includes('node:')) return undefined;
  if (folderOf(target) === folderOf(path) || isWithin(target, row.values)) return undefined;
  if (!isWithin(target, row.types)) return row.why;
  return isType ? undefined : `only types may be: write "import type". ${row.why}`;
}

function checkFile({ path, source }: SourceFile): Violation[] {
  const violations: Violation[] = [];
  const report = (line: number, what: string, why: string) =>
    violations.push({ path, line, sentence: `${path}:${line} ${what}: ${why}.` });

  const reading = readSource(path, source);
  if (reading.lines > LINES_MAX) report(LINES_MAX, `is ${reading.lines} lines long`, `a file has at most ${LINES_MAX}`);
  if (reading.isBarrel && !BARRELS.some((allowed) => allowed === path))
    report(
      1,
      'only passes on what other files export',
      `barrels are ${BARRELS.join(' and ')}; import the files themselves`,
    );
  if (isFree(path)) return violations;

  const row = MAY_IMPORT[folderOf(path)];
  if (!row)
    return [...violations, { path, line: 1, sentence: `${path}:1 is in a folder without a row in MAY_IMPORT.` }];

  for (const found of reading.imports) {
    const isOurs = /^\.\.?(\/|$)/.test(found.specifier);
    const why = isOurs ? checkOurs(path, row, found) : checkPackage(path, row, found.specifier);
    if (why) report(found.line, `imports ${found.isType ? 'types of ' : ''}"${found.specifier}"`, why);
  }
  for (const { name, line } of reading.uses)
    if (!isWithin(path, MAY_USE[name] ?? [])) report(line, `uses ${name}`, INSTEAD[name] ?? 'take it as a parameter');
  if (!ENTRIES.test(path))
    for (const line of reading.effects)
      report(line, 'does something while it is imported', 'only process entries act by themselves');
  return violations;
}

/**
 * Every crossing of the fence in these files, in the order of files and lines.
 *
 * @throws when a file is not valid TypeScript
 */
export function checkFence(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => checkFile(file).sort((a, b) => a.line - b.line));
}
