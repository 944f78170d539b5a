// The end of a push from parent to child, by either of them; also a parent's no to `adopt`.

import { ProtocolViolation } from '../errors.ts';
import type { Codec } from './codec.ts';

/**
 * From a child, `done`: it has another parent. From a parent, `full`: no upload left; `leaving`; `stripes`: it counts other stripes; `crowded`: the
 * link doesn't carry as many stripes as it was given.
 */
export type ReleaseCause = 'done' | 'full' | 'leaving' | 'stripes' | 'crowded';

export interface Release {
  readonly track: number;
  readonly stripe: number;
  readonly cause: ReleaseCause;
}

const CAUSES: readonly ReleaseCause[] = ['done', 'full', 'leaving', 'stripes', 'crowded'];

export const release: Codec<Release> = {
  type: 27,
  name: 'release',
  maxSize: 16,
  write(writer, message) {
    writer.varint(message.track).varint(message.stripe).u8(CAUSES.indexOf(message.cause));
  },
  read(reader) {
    const track = reader.varint();
    const stripe = reader.varint();
    const cause = CAUSES[reader.u8()];
    if (!cause) throw new ProtocolViolation('unknown cause of a release');
    return { track, stripe, cause };
  },
};
