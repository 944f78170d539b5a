// What a link says before it is known whether it may: held, within limits, until that is.

import type { Bytes } from '../../core/bytes.ts';
import { ProtocolViolation } from '../../core/errors.ts';

const MAX_MESSAGES = 64;
const MAX_BYTES = 65_536;

export class EarlyMessages {
  #messages: { readonly type: number; readonly body: Bytes }[] = [];
  #bytes = 0;

  /** Keeps a copy. Throws `ProtocolViolation` when it is too much. */
  hold(type: number, body: Bytes): void {
    this.#bytes += body.length;
    if (this.#messages.length >= MAX_MESSAGES || this.#bytes > MAX_BYTES) {
      throw new ProtocolViolation(`more than ${MAX_MESSAGES} messages or ${MAX_BYTES} bytes came before it was let in`);
    }
    this.#messages.push({ type, body: body.slice() });
  }

  /** Gives out what is held, in its order. */
  deliver(receive: (type: number, body: Bytes) => void): void {
    for (const { type, body } of this.#messages.splice(0)) receive(type, body);
  }
}
