import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How a tool ended. `output` is the last part of what it printed, both streams. */
export interface ToolResult {
  /** null = it could not be started, was ended by a signal, or was stopped here because it stalled */
  code: number | null;
  output: string;
}

/** How to watch over a tool. */
export interface ToolOptions {
  /** given up when nothing was printed and `watchDir` did not grow for this long, milliseconds */
  stallMs: number;
  /** folder the tool downloads into */
  watchDir?: string;
  /** bytes below `watchDir` so far, four times a second */
  onBytes?: (bytes: number) => void;
}

const OUTPUT_CHARS_MAX = 16_000;

/**
 * Runs a short-lived program with our environment and waits for its end.
 *
 * @throws never: a program that is missing or stalls has `code` null and says so in `output`
 */
export async function runTool(command: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  let livedAt = performance.now();
  const note = (text: string) => {
    livedAt = performance.now();
    output = (output + text).slice(-OUTPUT_CHARS_MAX);
  };
  child.stdout.setEncoding('utf8').on('data', note);
  child.stderr.setEncoding('utf8').on('data', note);

  let bytes = 0;
  const watch = async () => {
    const now = options.watchDir === undefined ? 0 : await bytesBelow(options.watchDir);
    if (now !== bytes) livedAt = performance.now();
    bytes = now;
    if (now > 0) options.onBytes?.(now);
    if (performance.now() - livedAt > options.stallMs) {
      note(`\nnothing happened for ${Math.round(options.stallMs / 1000)} seconds, stopped\n`);
      livedAt = Number.POSITIVE_INFINITY;
      killGroup(child);
    }
  };
  const timer = setInterval(() => void watch(), 250);
  try {
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', (error) => {
        note(error.message);
        resolve(null);
      });
      child.once('close', (status) => resolve(status));
    });
    return { code, output };
  } finally {
    clearInterval(timer);
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it ended by itself meanwhile
  }
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        (facts) => facts.size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
