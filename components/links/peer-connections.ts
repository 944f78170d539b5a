// The page's connections to peers, one RTCPeerConnection each: takes the engine's commands and the peers' signals, gives events.

import type { PeerId } from '../../core/peer-id.ts';
import type { Millis } from '../../core/time.ts';
import type { SignalKind } from '../../core/wire/signal.ts';
import { pumpChannels } from './data-channel-port.ts';
import { PeerAttempt } from './peer-attempt.ts';
import type { PeerCommand, PeerEvent, PeerSignal } from './peer-messages.ts';

const MAX_CONNECTIONS = 48;
/** Attempts that peers have begun, unasked for, at once. */
const MAX_OFFERED = 6;
const CONNECT_MS: Millis = 8_000;
/** A peer may begin one attempt in this time, and a few at once: each costs an RTCPeerConnection, whatever comes of it. */
const OFFER_INTERVAL_MS: Millis = 1_000;
const OFFERS_AT_ONCE = 3;
/** Characters of a peer's own words that are repeated. */
const MAX_REASON = 200;

/** What the page decides, and who hears of the peers. */
export interface PeerConnectionsOptions {
  /** Brings an event to the engine, transferring what is listed; throws where that can't be transferred. */
  readonly emit: (event: PeerEvent, transfer: Transferable[]) => void;
  /** Asked once, before the first RTCPeerConnection is made. False: none ever is. */
  readonly consent: () => Promise<boolean>;
  /** 48 if not given. */
  readonly maxConnections?: number;
  /** `relay`: only by way of TURN servers, so that peers don't see the viewer's address. `all` if not given. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /** How long an attempt may take; 8 s if not given. */
  readonly connectMs?: Millis;
}

/** All connections of one viewer. Lives where RTCPeerConnection does: on the page. */
export class PeerConnections {
  readonly #options: PeerConnectionsOptions;
  readonly #attempts = new Map<PeerId, PeerAttempt>();
  /** Until when each peer has used up its right to make offers, or has of late. */
  readonly #offers = new Map<PeerId, Millis>();
  #iceServers: readonly RTCIceServer[] = [];
  #self: PeerId = 0;
  /** Random at first, so that two peers' own numbers differ. */
  #lastAttempt = crypto.getRandomValues(new Uint32Array(1))[0]!;
  #consent: Promise<boolean> | undefined;
  #canTransfer = true;
  #closed = false;

  constructor(options: PeerConnectionsOptions) {
    this.#options = options;
  }

  /** Peers with a connection, or one under way. */
  get size(): number {
    return this.#attempts.size;
  }

  handle(command: PeerCommand): void {
    if (this.#closed) return;
    if (command.type === 'ice-servers') {
      this.#iceServers = command.iceServers;
      this.#self = command.self;
    } else if (command.type === 'connect') this.#connect(command.peer);
    else if (command.type === 'disconnect') this.#disconnect(command.peer, command.reason, command.attempt);
    else this.#signal(command.signal);
  }

  /** Ends all connections; the peers are told. */
  close(): void {
    for (const peer of [...this.#attempts.keys()]) this.#disconnect(peer, 'the viewer left');
    this.#closed = true;
  }

  #connect(peer: PeerId): void {
    const present = this.#attempts.get(peer);
    const reason = this.#unable(peer) ?? this.#full();
    if (present) present.want();
    else if (reason) this.#emit({ type: 'failed', peer, reason });
    else this.#begin(peer, ++this.#lastAttempt, true);
  }

  #disconnect(peer: PeerId, reason: string, attempt?: number): void {
    const present = this.#attempts.get(peer);
    if (!present || (attempt !== undefined && attempt !== present.options.attempt)) return;
    this.#forget(present);
    this.#say(peer, present.options.attempt, 'bye', reason);
  }

  #signal({ peer, attempt, kind, text }: PeerSignal): void {
    const present = this.#attempts.get(peer);
    if (kind === 'offer') this.#offered(peer, attempt, text);
    else if (present?.options.attempt !== attempt)
      return; // what belongs to an attempt that is over
    else if (kind === 'answer') present.answer(text);
    else if (kind === 'candidate') present.candidate(text);
    else {
      const { connected } = present;
      this.#forget(present);
      this.#tellEnd(present, `the peer gave it up: ${text.slice(0, MAX_REASON)}`, connected);
    }
  }

  #offered(peer: PeerId, attempt: number, offer: string): void {
    const present = this.#attempts.get(peer);
    if (present?.options.attempt === attempt) return;
    if (present?.offering && this.#self > peer) return; // both have offered: ours stands, and the peer answers it
    const reason = this.#unable(peer) ?? this.#refusal(peer, present);
    if (reason) {
      this.#say(peer, attempt, 'bye', reason);
      return;
    }
    if (present) {
      const { connected } = present;
      this.#forget(present);
      if (connected) this.#emit({ type: 'closed', peer, reason: 'the peer began anew' });
    }
    this.#begin(peer, attempt, present?.pending === true && present.wanted, offer);
  }

  /** Why no peer can be connected with at all. */
  #unable(peer: PeerId): string | undefined {
    if (typeof RTCPeerConnection === 'undefined') return 'this browser has no RTCPeerConnection';
    if (peer === this.#self) return 'that is this viewer itself';
    if (this.#options.iceTransportPolicy === 'relay' && !this.#iceServers.some(isTurn)) {
      return 'only TURN servers may be used, and the relay names none';
    }
    return undefined;
  }

  #full(): string | undefined {
    const { maxConnections = MAX_CONNECTIONS } = this.#options;
    return this.#attempts.size < maxConnections ? undefined : `no more than ${maxConnections} connections at once`;
  }

  #refusal(peer: PeerId, present: PeerAttempt | undefined): string | undefined {
    if (!present && this.#full()) return this.#full();
    const now = performance.now();
    const earliest = now - OFFERS_AT_ONCE * OFFER_INTERVAL_MS;
    for (const [other, used] of this.#offers) if (used <= earliest) this.#offers.delete(other);
    const used = (this.#offers.get(peer) ?? earliest) + OFFER_INTERVAL_MS;
    if (used > now) return 'one attempt a second is enough';
    this.#offers.set(peer, used);
    if (present?.wanted) return undefined;
    const others = [...this.#attempts.values()].filter(other => other !== present);
    const offered = others.filter(other => other.pending && !other.wanted).length;
    return offered < MAX_OFFERED ? undefined : 'too many peers are being connected just now';
  }

  #begin(peer: PeerId, attempt: number, wanted: boolean, offer?: string): void {
    const begun = new PeerAttempt({
      peer,
      attempt,
      wanted,
      ...(offer === undefined ? {} : { offer }),
      connectMs: this.#options.connectMs ?? CONNECT_MS,
      onChannels: (control, chunks) => this.#handOver(peer, attempt, control, chunks),
      onSignal: (kind, text) => this.#say(peer, attempt, kind, text),
      onEnd: (reason, wasConnected) => {
        this.#attempts.delete(peer);
        this.#say(peer, attempt, 'bye', reason);
        this.#tellEnd(begun, reason, wasConnected);
      },
    });
    this.#attempts.set(peer, begun);
    void this.#start(begun);
  }

  async #start(attempt: PeerAttempt): Promise<void> {
    this.#consent ??= this.#ask();
    const { iceTransportPolicy = 'all' } = this.#options;
    if (await this.#consent) attempt.start({ iceServers: [...this.#iceServers], iceTransportPolicy });
    else attempt.end('no consent');
  }

  async #ask(): Promise<boolean> {
    try {
      return await this.#options.consent();
    } catch {
      return false; // whoever can't answer has not agreed
    }
  }

  #handOver(peer: PeerId, attempt: number, control: RTCDataChannel, chunks: RTCDataChannel): void {
    if (this.#canTransfer) {
      try {
        this.#options.emit({ type: 'channels', peer, attempt, control, chunks }, [control, chunks]);
        return;
      } catch {
        this.#canTransfer = false; // not in this browser
      }
    }
    const { port1, port2 } = new MessageChannel();
    pumpChannels(port1, { control, chunks });
    this.#options.emit({ type: 'port', peer, attempt, port: port2 }, [port2]);
  }

  #forget(attempt: PeerAttempt): void {
    this.#attempts.delete(attempt.options.peer);
    attempt.close();
  }

  #tellEnd({ options: { peer }, known }: PeerAttempt, reason: string, wasConnected: boolean): void {
    if (known) this.#emit({ type: wasConnected ? 'closed' : 'failed', peer, reason });
  }

  #say(peer: PeerId, attempt: number, kind: SignalKind, text: string): void {
    this.#emit({ type: 'signal', signal: { peer, attempt, kind, text } });
  }

  #emit(event: PeerEvent): void {
    this.#options.emit(event, []);
  }
}

function isTurn({ urls }: RTCIceServer): boolean {
  return [urls].flat().some(url => /^turns?:/i.test(url));
}
