import pino from 'pino';

/** JSON lines on stdout: one a unit of work, ids and never bodies. */
export type Logger = pino.Logger;

/**
 * @param level least level that is written
 * @param file  written instead of stdout; its folder is made
 */
export const openLogger = (level: string, process: string, file?: string): Logger =>
  pino(
    { level, base: { process }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(file ? { dest: file, mkdir: true, sync: false } : { fd: 1, sync: false }),
  );
