// Who has logged in to the operator's face: random names of sessions, kept hashed, good for some hours.

import { randomBytes } from 'node:crypto';
import { toBase64Url } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import { digest } from './equal-secrets.ts';

/** How long a session is good for. */
export const ADMIN_SESSION: Millis = 12 * 3_600_000;
/** So many are there at a time; the oldest end first. */
const MAX_SESSIONS = 200;

interface AdminSession {
  readonly endsAt: Millis;
  /** Digest of the token it was opened with: another token ends it. */
  readonly token: string;
}

/** `now` is the wall clock, Unix milliseconds. */
export class AdminSessions {
  readonly #sessions = new Map<string, AdminSession>();

  /** Opens one with the admin token in force; returns its name, a secret. */
  open(token: string, now: Millis): string {
    for (const [key, { endsAt }] of this.#sessions) {
      if (endsAt <= now || this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(key);
    }
    const id = toBase64Url(randomBytes(32));
    this.#sessions.set(keyOf(id), { endsAt: now + ADMIN_SESSION, token: keyOf(token) });
    return id;
  }

  /** When the session of this name ends; undefined: there is none, or the admin token is another by now. */
  find(id: string, token: string, now: Millis): Millis | undefined {
    const session = this.#sessions.get(keyOf(id));
    return session && session.endsAt > now && session.token === keyOf(token) ? session.endsAt : undefined;
  }

  close(id: string): void {
    this.#sessions.delete(keyOf(id));
  }
}

const keyOf = (secret: string) => toBase64Url(digest(secret));
