// The relay's log: one JSON line an event, by pino. Secrets are never put in.

import { type Logger, pino } from 'pino';

export type Log = Logger;

/** Levels from quiet to loud. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** A log to standard error, so that what a program prints for people stays apart. */
export function createLog(level: LogLevel): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
