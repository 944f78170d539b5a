// The errors that core throws; whoever owns the link or the input decides what follows.

/** The other party broke the protocol: malformed, oversized or forged bytes. The owner closes that link with `message` as the reason. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';

  /** A page has more than one copy of this class: each file that it loads by itself is complete. */
  static override [Symbol.hasInstance](error: unknown): boolean {
    return error instanceof Error && error.name === 'ProtocolViolation';
  }
}

/** The bytes are not the media they were taken for, and no resynchronisation can help: the source is at fault. */
export class NotThisMedia extends Error {
  override readonly name = 'NotThisMedia';
}
