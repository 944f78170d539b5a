// Whoever watches, publishes or is in a room shows another token, as the one before is about to end; nothing is interrupted.

import type { Codec } from './codec.ts';
import { MAX_TOKEN } from './publish.ts';

export interface RenewAccess {
  /** A JSON Web Token (RFC 7519), or a key of the channel. */
  readonly token: string;
}

export const renewAccess: Codec<RenewAccess> = {
  type: 41,
  name: 'renew-access',
  maxSize: MAX_TOKEN + 4,
  write(writer, { token }) {
    writer.text(token);
  },
  read(reader) {
    return { token: reader.text(MAX_TOKEN) };
  },
};
