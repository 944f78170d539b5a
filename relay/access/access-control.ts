// Who may do what on this relay, as its configuration says at the moment.

import type { Millis } from '../../core/time.ts';
import type { ChannelSettings } from '../config/channel-settings.ts';
import type { LiveConfig } from '../config/live-config.ts';
import type { Log } from '../log.ts';
import { type AccessAnswer, ANYBODY, denied } from './access-answer.ts';
import { type Action, answerOf } from './claims.ts';
import { coversOrigin } from './covers-origin.ts';
import { equalSecrets } from './equal-secrets.ts';
import { FailedTries } from './failed-tries.ts';
import { loadJwtKeys } from './jwt-keys.ts';
import { openKeySet } from './key-set.ts';
import { Pass } from './pass.ts';
import { readToken, secretKeys, type TokenKeys } from './read-token.ts';
import { Tickets } from './tickets.ts';
import type { MayView, ViewAsk } from './view-access.ts';

/** Wrong view keys from one address, and within which time. */
const TRIES = { most: 60, within: 60_000 } as const;
/** An origin is quoted up to so many characters. */
const MAX_QUOTED = 100;

export interface AccessControlOptions {
  readonly live: LiveConfig;
  /** The relay's own publish keys. */
  readonly publishKeys: () => readonly string[];
  /** Viewers of a channel at the moment. */
  readonly viewersOf: (channel: string) => number;
  readonly log: Log;
  /** The wall clock, Unix milliseconds. */
  readonly clock: () => Millis;
  /** A steady clock, milliseconds. */
  readonly steady: () => Millis;
}

/** What a session asks before it lets somebody in. */
export interface Admission extends ViewAsk {
  /** The transport doesn't tell which page has made the link, so a ticket must: `ticket`. */
  readonly isPageUnknown?: boolean;
  readonly ticket?: string;
}

export class AccessControl {
  readonly #options: AccessControlOptions;
  readonly #tickets = new Tickets();
  readonly #tries = new FailedTries(TRIES.most, TRIES.within);
  /** Of others. */
  #keys: TokenKeys;
  #loaded: string;
  /** Counts the changes of who may do what. */
  #rules = 0;

  private constructor(options: AccessControlOptions, keys: TokenKeys, loaded: string) {
    this.#options = options;
    this.#keys = keys;
    this.#loaded = loaded;
    options.live.onChange(() => void this.reload());
  }

  /** Reads the keys that the configuration names. Rejects with `ConfigError`. */
  static async open(options: AccessControlOptions): Promise<AccessControl> {
    const { jwt } = options.live.current.access;
    return new AccessControl(options, { keys: await loadJwtKeys(jwt), set: openKeySet(jwt, options) }, keyOf(jwt));
  }

  /** Reads the keys again, as the configuration is another or their files are; with a mistake in them those before stay in force. */
  async reload(): Promise<void> {
    const { live, log } = this.#options;
    const { jwt } = live.current.access;
    try {
      const keys = await loadJwtKeys(jwt);
      if (jwt !== live.current.access.jwt) return; // yet another by now
      const set = keyOf(jwt) === this.#loaded ? this.#keys.set : openKeySet(jwt, this.#options);
      this.#keys = { keys, set };
      this.#loaded = keyOf(jwt);
    } catch (error) {
      log.error({ error: String(error) }, 'the keys of tokens stay as they were');
    } finally {
      this.#rules++; // of channels, too
    }
  }

  /** For somebody who stays: is looked at again when other rules hold. */
  passFor(ask: ConstructorParameters<typeof Pass>[0]): Pass {
    return new Pass(ask, () => this.#rules);
  }

  /** For somebody who asks to watch, and stays. */
  readonly viewPass = (channel: string, admission: Admission): Pass =>
    this.passFor((token, occasion) =>
      this.admits(channel, {
        ...admission,
        ...{ token, isThere: occasion !== 'arrival', isKnown: occasion === 'recheck' },
      }),
    );

  /** Why there can be no such channel here; undefined: there can. */
  channelFault(channel: string): string | undefined {
    const { live } = this.#options;
    const name = liveNameOf(channel);
    const isUnlisted = live.current.unlistedChannels === 'refuse' && live.channel(name).entry === undefined;
    return isUnlisted ? `this relay has no channel ${name}` : undefined;
  }

  /** Whoever proves one of these may publish. */
  publishKeysOf(channel: string): readonly string[] {
    const { live, publishKeys } = this.#options;
    const { publishKeys: own, source } = live.channel(channel);
    if (!own) return publishKeys();
    return source ? [...own, ...publishKeys()] : own; // what the relay fetches itself it publishes with its own key
  }

  publishBytesPerSecond(channel: string): number {
    return (this.#options.live.channel(channel).publishMegabitsPerSecond * 1e6) / 8;
  }

  /** Whether the token allows it. Never rejects. */
  async allows(action: Action, channel: string, token: string): Promise<AccessAnswer> {
    const now = this.#options.clock();
    const keys = [...secretKeys(this.#options.publishKeys()), ...this.#keys.keys];
    const read = await readToken(token, { keys, set: this.#keys.set }, now);
    return read.ok ? answerOf(read.payload, { action, channel, now }) : read;
  }

  /** Whether somebody may watch. */
  readonly mayView: MayView = async (channel, ask) => {
    const name = liveNameOf(channel);
    const fault = this.channelFault(name);
    if (fault !== undefined) return denied(fault);
    const settings = this.#options.live.channel(name);
    const foreign = this.originFault(name, ask.origin);
    if (foreign !== undefined) return denied(foreign);
    if (name === channel && !ask.isThere) {
      const full = this.fullness(name);
      if (full !== undefined) return denied(full, 'too-many');
    }
    if (settings.view === 'open') return ANYBODY;
    if (ask.token === undefined) return denied(`watching ${name} needs a token`, 'no-token');
    return this.#tryKey(settings, ask.token, ask) ?? this.allows('view', name, ask.token);
  };

  /** As `mayView`, for a link. */
  async admits(channel: string, admission: Admission): Promise<AccessAnswer> {
    const { ticket, isPageUnknown, isThere } = admission;
    if (isPageUnknown && !isThere && this.#isRestricted(channel)) {
      if (ticket === undefined) return denied(`only some pages may show ${channel}`);
      const isGood = this.#tickets.isGood(ticket, liveNameOf(channel), this.#options.steady());
      if (!isGood) return denied('the ticket of the channel document is too old: fetch it again', 'unavailable');
    }
    return this.mayView(channel, admission);
  }

  /** Why this page may not show a channel; undefined: it may, or it is no foreign page. */
  originFault(channel: string, origin: string | undefined): string | undefined {
    const name = liveNameOf(channel);
    if (origin === undefined || coversOrigin(this.#options.live.channel(name).embedOrigins, origin)) return undefined;
    return `pages of ${origin.slice(0, MAX_QUOTED)} may not show ${name}`;
  }

  /** Whether anybody may watch from anywhere: then there is nothing to wait for. */
  isOpen(channel: string): boolean {
    const name = liveNameOf(channel);
    const { view, embedOrigins } = this.#options.live.channel(name);
    return view === 'open' && embedOrigins.includes('*') && this.channelFault(name) === undefined;
  }

  /** Why a channel can have no more viewers now. */
  fullness(channel: string): string | undefined {
    const { live, viewersOf } = this.#options;
    const { maxViewers } = live.channel(channel);
    if (maxViewers === undefined || viewersOf(channel) < maxViewers) return undefined;
    return `${channel} has its ${maxViewers === 1 ? 'only viewer' : `${maxViewers} viewers`} already`;
  }

  /** What a page needs that may show the channel; undefined where all may. */
  ticketFor(channel: string): string | undefined {
    return this.#isRestricted(channel) ? this.#tickets.issue(liveNameOf(channel), this.#options.steady()) : undefined;
  }

  #isRestricted(channel: string): boolean {
    return !this.#options.live.channel(liveNameOf(channel)).embedOrigins.includes('*');
  }

  /** Undefined for what may be a token instead. */
  #tryKey({ viewKeys }: ChannelSettings, shown: string, { address, isKnown }: ViewAsk): AccessAnswer | undefined {
    const now = this.#options.steady();
    const isKey = viewKeys.map(key => equalSecrets(key, shown)).includes(true);
    if (isJwtShaped(shown)) return isKey ? ANYBODY : undefined;
    if (!isKnown && this.#tries.waitOf(address, now) > 0) {
      return denied('too many wrong keys from this address: try again in a minute', 'too-many');
    }
    if (isKey) return ANYBODY;
    if (!isKnown) this.#tries.failed(address, now);
    return denied('this is neither a token nor a key of the channel');
  }
}

/** Recordings of a channel are seen by those who may watch it. */
function liveNameOf(channel: string): string {
  return /^recordings\/(.+)\/[^/]+$/.exec(channel)?.[1] ?? channel;
}

const isJwtShaped = (token: string) => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);

const keyOf = (settings: object) => JSON.stringify(settings);
