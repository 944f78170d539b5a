// One connection that a viewer has asked for: answers its offer, and ends when either side or the network does.

import type { RTCPeerConnection } from 'werift';
import { type DataChannelLink, dataChannelLink } from '../../core/links/data-channel-link.ts';
import type { PeerId } from '../../core/peer-id.ts';
import type { Clock } from '../../core/publish/clock.ts';
import type { Millis } from '../../core/time.ts';
import type { SignalKind } from '../../core/wire/signal.ts';
import type { Werift } from './load-werift.ts';
import type { PeerTerms } from './peer-terms.ts';
import { WeriftChannel } from './werift-channel.ts';

/** What a connection is about, and who hears of it. */
export interface ViewerConnectionOptions {
  readonly peer: PeerId;
  readonly attempt: number;
  /** The viewer's offer: SDP. */
  readonly offer: string;
  readonly werift: Werift;
  readonly terms: PeerTerms;
  readonly clock: Clock;
  /** Called once, when the channels are made; they are not open yet. */
  readonly onLink: (link: DataChannelLink) => void;
  readonly onSignal: (kind: SignalKind, text: string) => void;
  /** Called once unless `close` was. */
  readonly onEnd: (reason: string) => void;
}

const CONNECT_MS: Millis = 8_000;
/** No honest peer has more ways to be reached. */
const MAX_CANDIDATES = 64;
/** What the two channels say last has so long to leave. */
const FAREWELL_MS: Millis = 300;
/** werift gives up after about 1.5 s without a candidate that might answer. */
const PLACEHOLDER_MS: Millis = 1_000;
/** Discard: nothing answers there. */
const PLACEHOLDER_PORT = 9;
/** Bytes of unfinished messages, and packets out of order, that an honest viewer never has on the way: werift itself holds any number. */
const MAX_UNFINISHED = 262_144;
const MAX_OUT_OF_ORDER = 1_024;
const WERIFT_WINDOW = 1_048_576;
/** Characters: werift quotes the peer's own words in its errors. */
const MAX_REASON = 200;

/** Begins at once. */
export class ViewerConnection {
  readonly options: ViewerConnectionOptions;
  #state: 'connecting' | 'connected' | 'ended' = 'connecting';
  readonly #over = new AbortController();
  #connection: RTCPeerConnection | undefined;
  #link: DataChannelLink | undefined;
  /** The viewer's candidates until its description is there. */
  #held: string[] | undefined = [];
  #candidates = 0;
  #answered = false;
  #ownAddress: string | undefined;

  constructor(options: ViewerConnectionOptions) {
    this.options = options;
    this.#answer().catch(error => this.end(textOf(error)));
    void this.#limit();
  }

  /** Whether it still has to become a connection. */
  get pending(): boolean {
    return this.#state === 'connecting';
  }

  /** Ends a connection whose viewer fills the memory. To be called often. */
  check(): void {
    const sctp = this.#connection?.sctp?.sctp;
    if (!sctp || this.#state === 'ended') return;
    // werift keeps its books to itself.
    const room: unknown = Reflect.get(sctp, 'advertisedRwnd');
    const waiting: unknown = Reflect.get(sctp, 'sackMisOrdered');
    const isUnfinished = typeof room === 'number' && room < WERIFT_WINDOW - MAX_UNFINISHED;
    const isScattered = waiting instanceof Set && waiting.size > MAX_OUT_OF_ORDER;
    if (isUnfinished || isScattered) this.end('messages that never end');
  }

  /** Takes one of the viewer's candidates, as JSON. */
  candidate(json: string): void {
    if (this.#state === 'ended') return;
    if (++this.#candidates > MAX_CANDIDATES) this.end(`more than ${MAX_CANDIDATES} candidates`);
    else if (this.#held) this.#held.push(json);
    else this.#add(json);
  }

  /** Gives it up and tells. */
  end(reason: string): void {
    if (this.#state === 'ended') return;
    this.close(reason);
    this.options.onEnd(reason);
  }

  /** Gives it up without a word to its owner. */
  close(reason: string): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#over.abort();
    this.#link?.close(0, reason);
    const connection = this.#connection;
    void this.options.clock.wait(FAREWELL_MS).then(() => connection?.close().catch(() => {})); // whatever it says, it is over
  }

  async #answer(): Promise<void> {
    const { werift, terms, offer, clock } = this.options;
    checkSections(offer);
    const connection = new werift.RTCPeerConnection({
      iceServers: [...terms.iceServers],
      iceTransportPolicy: terms.iceTransportPolicy,
    });
    this.#connection = connection;
    connection.connectionStateChange.subscribe(state => this.#follow(state));
    connection.onDataChannel.subscribe(() => this.end('the peer opened a channel of its own'));
    connection.onIceCandidate.subscribe(candidate => candidate?.candidate && this.#gathered(candidate.candidate));
    await connection.setRemoteDescription({ type: 'offer', sdp: offer });
    if (this.#state === 'ended') return;
    const control = connection.createDataChannel('control', { negotiated: true, id: 0, ordered: true, protocol: '' });
    const chunks = connection.createDataChannel('chunks', { negotiated: true, id: 1, ordered: false, protocol: '' });
    this.#link = dataChannelLink(
      { control: new WeriftChannel(control), chunks: new WeriftChannel(chunks) },
      { wait: ms => clock.wait(ms, this.#over.signal) },
    );
    void this.#link.closed.then(({ reason }) => this.end(reason || 'the viewer hung up'));
    this.options.onLink(this.#link);
    for (const json of this.#held ?? []) this.#add(json);
    this.#held = undefined;
    // Gathers candidates, which may take seconds with servers that are away, and then connects.
    await connection.setLocalDescription();
    this.#sayAnswer();
  }

  #gathered(candidate: string): void {
    if (this.#state === 'ended') return;
    this.#sayAnswer();
    this.options.onSignal('candidate', JSON.stringify({ candidate, sdpMid: '0', sdpMLineIndex: 0 }));
    const [, address] = / (\S+) \d+ typ host/.exec(candidate) ?? [];
    if (address === undefined || this.#ownAddress !== undefined) return;
    this.#ownAddress = address;
    void this.#holdOpen(address);
  }

  // The description is complete but for candidates as soon as the first one is there.
  #sayAnswer(): void {
    const sdp = this.#connection?.localDescription?.sdp;
    if (this.#answered || this.#state === 'ended' || sdp === undefined) return;
    this.#answered = true;
    this.options.onSignal('answer', sdp);
  }

  // A browser without a STUN server names only addresses that it hides (mDNS). It can reach us all the same, but werift gives up at once when it
  // has nowhere to look: so it is given a place where nobody answers until the browser's own checks arrive.
  async #holdOpen(address: string): Promise<void> {
    for (let port = PLACEHOLDER_PORT; this.pending; port++) {
      const candidate = `candidate:0 1 udp 1 ${address} ${port} typ host`;
      await this.#connection?.addIceCandidate({ candidate, sdpMid: '0', sdpMLineIndex: 0 }).catch(() => {}); // closed meanwhile
      await this.options.clock.wait(PLACEHOLDER_MS, this.#over.signal);
    }
  }

  async #limit(): Promise<void> {
    await this.options.clock.wait(CONNECT_MS, this.#over.signal);
    if (this.pending) this.end(`no connection within ${CONNECT_MS / 1_000} s`);
  }

  #follow(state: string): void {
    if (this.#state === 'ended') return;
    if (state === 'connected') this.#state = 'connected';
    else if (state === 'failed') this.end(this.pending ? 'no way to the peer' : 'the connection broke off');
    else if (state === 'closed') this.end('the connection was closed');
  }

  #add(json: string): void {
    const connection = this.#connection;
    const candidate = readCandidate(json);
    if (!connection || candidate === undefined) return;
    // One that can't be used leaves the others.
    connection.addIceCandidate({ candidate, sdpMid: '0', sdpMLineIndex: 0 }).catch(() => {});
  }
}

/** A peer may ask for data channels and nothing else. */
function checkSections(sdp: string): void {
  const sections = sdp.match(/^m=.*$/gm) ?? [];
  if (sections.length === 1 && sections[0]?.startsWith('m=application ')) return;
  throw new TypeError(`the peer's SDP has ${sections.length} media sections: exactly one "m=application" is accepted`);
}

/** A candidate that werift can use: over UDP, with an address rather than a name that only the viewer's network knows. */
function readCandidate(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || !value || !('candidate' in value)) return undefined;
    const { candidate } = value;
    if (typeof candidate !== 'string') return undefined;
    return /^candidate:\S+ 1 udp \d+ [0-9a-f.:]+ \d+ typ /i.test(candidate) ? candidate : undefined;
  } catch {
    return undefined;
  }
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON);
}
