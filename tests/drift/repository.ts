import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the checkout, absolute. */
export const ROOT = join(__dirname, '..', '..');

/** The text of one file of the repository, by its path from the root. */
export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Whether the repository has a file or folder at this path from the root. */
export const isThere = (path: string): boolean => existsSync(join(ROOT, path));

/**
 * Every file below a folder, tracked or not yet, by its path from the root and in the order of the alphabet;
 * nothing of `node_modules`, `dist` and hidden folders. Empty when the folder doesn't exist.
 */
export function listFiles(folder: string, ending: RegExp): string[] {
  if (!isThere(folder)) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !/^(\.|node_modules$|dist$)/.test(name))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return listFiles(path, ending);
      return ending.test(entry.name) ? [path] : [];
    })
    .sort();
}
