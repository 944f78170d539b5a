// The swarm before it is loaded, which is when the picture stands: holds the chunks that the relay brings meanwhile.

import type { Bytes } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import { ChunkWindow } from '../../core/swarm/chunk-window.ts';
import type { Millis } from '../../core/time.ts';
import type { ChannelDocument } from './channel-document.ts';
import type { EngineWarning } from './engine-messages.ts';
import type { PastReader } from './past-reader.ts';
import { drawIdentity } from './peer-identity.ts';
import type { PlaybackFigures, SwarmClient, SwarmClientOwner } from './swarm-client.ts';
import type { SwarmPolicy } from './swarm-policy.ts';
import { NO_SWARM, type SwarmStats } from './swarm-stats.ts';

/** Held for others, and for whoever goes back, itself among them. With what waits to be played, at most 64 MiB. */
const WINDOW = { maxAgeMs: 60_000, maxBytes: 44 * 1024 * 1024 };

/** What it needs of the session. */
export interface PendingSwarmOwner extends SwarmClientOwner {
  /** Takes its place; what reads the past comes with it. */
  swarmLoaded(client: SwarmClient, Reader: typeof PastReader): void;
  warn(warning: EngineWarning): void;
}

/** Of one session, until `swarmLoaded`. It has the face of a `SwarmClient` without any peers. */
export class PendingSwarm {
  readonly window = new ChunkWindow(WINDOW);
  readonly resume = undefined;
  readonly #owner: PendingSwarmOwner;
  #policy: SwarmPolicy;
  #document: ChannelDocument | undefined;
  #clock: readonly [offset: Millis, roundTripMs: Millis] | undefined;
  #bytes = 0;
  #rejected = 0;
  #figures: PlaybackFigures | undefined;
  #loading = false;
  #warned = false;
  #closed = false;

  constructor(policy: SwarmPolicy, owner: PendingSwarmOwner) {
    this.#policy = policy;
    this.#owner = owner;
  }

  get stats(): SwarmStats {
    const isOn = this.#policy.mode !== 'off' && this.#document?.swarm.enabled === true;
    const state = isOn ? 'relay-only' : 'off';
    return { ...NO_SWARM, state, bytesFromRelay: this.#bytes, rejectedChunks: this.#rejected };
  }

  relayUp(document: ChannelDocument): void {
    this.#document = document;
  }

  relayDown(): void {}

  clock(...clock: [offset: Millis, roundTripMs: Millis]): void {
    this.#clock = clock;
  }

  sleep(): void {
    this.#document = undefined;
  }

  /** The picture stands: time for the swarm. */
  playback(figures: PlaybackFigures): void {
    this.#figures = figures;
    if (!this.#loading) void this.#load();
  }

  setPolicy(policy: SwarmPolicy): void {
    this.#policy = policy;
  }

  /** Whoever has not joined is told nothing, and has asked for nothing. */
  take(): boolean {
    return false;
  }

  peerEvent(): void {}

  addInit(document: Bytes, id: Bytes): void {
    this.window.addInit(this.#document?.track ?? 0, document, id);
  }

  held(sequence: number): Bytes | undefined {
    return this.window.get(sequence)?.message;
  }

  verified(chunk: Chunk): boolean {
    this.#bytes += chunk.bytes.length;
    const isNew = this.window.get(chunk.header.sequence) === undefined;
    this.window.insert(chunk, performance.now());
    return isNew;
  }

  forged(): void {
    this.#rejected++;
  }

  close(): void {
    this.#closed = true;
  }

  async #load(): Promise<void> {
    this.#loading = true;
    try {
      const [{ SwarmClient, PastReader }, identity] = await Promise.all([import('./swarm-client.ts'), drawIdentity()]);
      if (this.#closed) return;
      const client = new SwarmClient(this.#policy, { identity, window: this.window }, this.#owner);
      if (this.#document) client.relayUp(this.#document);
      if (this.#clock) client.clock(...this.#clock);
      client.takeOver(this.#bytes, this.#rejected);
      this.#owner.swarmLoaded(client, PastReader);
      if (this.#figures) client.playback(this.#figures);
    } catch (error) {
      this.#loading = false; // the next figures try again
      if (!this.#warned) this.#owner.warn({ code: 'internal', message: `the swarm can't be loaded: ${error}` });
      this.#warned = true;
    }
  }
}
