// The relay says no, and why; it closes the link afterwards.

import { ProtocolViolation } from '../errors.ts';
import type { Codec } from './codec.ts';

/** Why a request was refused. */
export type RefusalCode =
  | 'bad-name'
  | 'bad-version'
  | 'not-allowed'
  | 'taken'
  | 'replaced'
  | 'bad-chunk'
  | 'too-fast'
  | 'too-many'
  /** Whether it is allowed can't be found out now. */
  | 'unavailable';

export interface Refused {
  readonly code: RefusalCode;
  /** For people: what was wrong and what would be accepted. */
  readonly reason: string;
}

const CODES: readonly RefusalCode[] = [
  'bad-name',
  'bad-version',
  'not-allowed',
  'taken',
  'replaced',
  'bad-chunk',
  'too-fast',
  'too-many',
  'unavailable',
];

export const refused: Codec<Refused> = {
  type: 9,
  name: 'refused',
  maxSize: 1_100,
  write(writer, message) {
    writer.u8(CODES.indexOf(message.code)).text(message.reason.slice(0, 300));
  },
  read(reader) {
    const code = CODES[reader.u8()];
    if (!code) throw new ProtocolViolation('unknown refusal');
    return { code, reason: reader.text(1_024) };
  },
};
