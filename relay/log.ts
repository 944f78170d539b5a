// The relay's log: one JSON line an event, by pino. Secrets are never put in.

import { type Logger, pino } from 'pino';
import { redactSecrets } from './redact-secrets.ts';

export type Log = Logger;

/** Levels from quiet to loud. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Takes each line as it is written, too. */
export interface LogReader {
  write(line: string): void;
}

/** A log to standard error, so that what a program prints for people stays apart. */
export function createLog(level: LogLevel, reader?: LogReader): Log {
  const file = pino.destination({ dest: 2, sync: true });
  const target = {
    write(line: string) {
      const safe = redactSecrets(line);
      file.write(safe);
      reader?.write(safe);
    },
  };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, target);
}
