// One person's place in a room: enters it at the relay, keeps it through lost links, and tells who else is there.

import type { Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';

/** Somebody in the room, oneself included. */
export interface RoomMember {
  /** Unique in the room; what it publishes is the channel `room/<name>/<user>`. */
  readonly user: string;
  /** Whether its channel is on air. */
  readonly channelIsLive: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly speaking: boolean;
  /** Unix milliseconds of the relay's clock. */
  readonly joinedAt: Millis;
}

/** What a member tells about itself. */
export type MemberState = Pick<RoomMember, 'microphone' | 'camera' | 'speaking'>;

/** `refused` is final, `error` says why; `enter()` tries again. */
export type RoomState = 'idle' | 'connecting' | 'inside' | 'reconnecting' | 'left' | 'refused';

/** Why the relay did not let somebody in, or let it stay no longer: a literal `code`, and one sentence for people. */
export interface RoomError {
  readonly code: 'taken' | 'not-allowed' | 'bad-name' | 'bad-relay' | 'bad-version' | 'too-many';
  readonly message: string;
}

export interface RoomConnectionOptions {
  /** The relay's absolute URL. */
  readonly relay: string;
  /** `room/<name>`. */
  readonly room: string;
  /** Letters, digits and `. _ ~ -`. */
  readonly user: string;
  /** Empty where the room is open to all. */
  readonly token: string;
  /** Makes the link, where it isn't to be found by the relay's document; tests do. */
  readonly createLink?: (signal: AbortSignal) => Promise<Link>;
}

/**
 * Events: `statechange`, `members`, `message` (a MessageEvent with `data`, `from` and `own`), `warning` (a CustomEvent with `code` and `message`
 * in its detail: messages were dropped or missed, or the relay can't be reached for the moment).
 */
export class RoomConnection extends EventTarget {
  /** Used the next time that it enters. */
  token: string;
  readonly #options: RoomConnectionOptions;

  constructor(options: RoomConnectionOptions) {
    super();
    this.#options = options;
    this.token = options.token;
  }

  /** `room/<name>`. */
  get room(): string {
    return this.#options.room;
  }

  get user(): string {
    return this.#options.user;
  }

  get state(): RoomState {
    return 'idle';
  }

  /** Why the state is `refused`; null otherwise. */
  get error(): RoomError | null {
    return null;
  }

  /** By the time they came; what was known last while it reconnects. */
  get members(): readonly RoomMember[] {
    return [];
  }

  /** Connects, and again whenever the link is lost. Does nothing while it is doing that. */
  enter(): void {}

  /** Leaves; resolves when the relay has been told. */
  async leave(): Promise<void> {}

  /** What others see of this member; kept through reconnections, and said on entering. */
  setState(_state: MemberState): void {}

  /** To everybody in the room. Throws RangeError above 16 KiB, and an InvalidStateError while not inside. */
  send(_data: string | ArrayBuffer | ArrayBufferView): void {}
}
