// The process's standard input.

import process from 'node:process';
import type { ByteStream } from './bytes-source.ts';

/** Standard input as a stream of bytes. */
export function standardInput(): ByteStream {
  return process.stdin;
}
