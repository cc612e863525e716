import pino from 'pino';

/** JSON lines on stdout: one a unit of work, ids and never bodies. */
export type Logger = pino.Logger;

/** @param level least level that is written */
export const openLogger = (level: string, process: string): Logger =>
  pino({ level, base: { process }, timestamp: pino.stdTimeFunctions.isoTime });
