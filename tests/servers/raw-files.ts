import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

const CHUNK_BYTES = 8 * 1024 * 1024;
const OVERLAP_BYTES = 1024;

/** The forms in which a value can lie in a file: as it is, in hex, and in base64 wherever it begins. */
function formsOf(value: string | Buffer): Buffer[] {
  const bytes = Buffer.from(value);
  const inBase64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // What the bytes around it take part in is left out.
    return text.slice(offset === 0 ? 0 : 4, Math.floor((offset + bytes.length) / 3) * 4);
  });
  const texts = [JSON.stringify(String(value)).slice(1, -1), bytes.toString('hex'), ...inBase64];
  return [bytes, ...texts.filter((text) => text.length >= 8).map((text) => Buffer.from(text))];
}

/**
 * Which of these values lie in the files of a folder, its subfolders included.
 *
 * @param values by the name under which they are told; 12 characters or more, so that none is found by chance
 * @returns the names of those that were found, in the order of `values`
 */
export function findInFiles(folder: string, values: Record<string, string | Buffer>): string[] {
  const wanted = Object.entries(values).map(([name, value]) => ({ name, forms: formsOf(value), isFound: false }));
  const short = Object.entries(values).filter(([, value]) => value.length < 12);
  if (short.length > 0) throw new Error(`too short to look for: ${short.map(([name]) => name).join(', ')}`);
  const chunk = Buffer.alloc(CHUNK_BYTES + OVERLAP_BYTES);
  for (const path of listFiles(folder)) {
    const file = openSync(path, 'r');
    for (let at = 0; ; at += CHUNK_BYTES) {
      const read = readSync(file, chunk, 0, chunk.length, at);
      if (read === 0) break;
      const bytes = chunk.subarray(0, read);
      for (const each of wanted) each.isFound ||= each.forms.some((form) => bytes.includes(form));
    }
    closeSync(file);
  }
  return wanted.filter(({ isFound }) => isFound).map(({ name }) => name);
}

const listFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile());
