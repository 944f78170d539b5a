// One attempt to connect with a peer, and the connection that comes of it: an RTCPeerConnection with its clock and its troubles.

import type { PeerId } from '../../core/peer-id.ts';
import type { Millis } from '../../core/time.ts';
import type { SignalKind } from '../../core/wire/signal.ts';

/** A connection that says `disconnected` for this long is given up. */
const DISCONNECTED_MS: Millis = 4_000;
/** No honest peer has more ways to be reached. */
const MAX_CANDIDATES = 64;
const HUNG_UP = 'the peer hung up';
/** Characters: browsers quote the peer's own words in their errors. */
const MAX_REASON = 200;

/** What an attempt is about, and who hears of it. */
export interface PeerAttemptOptions {
  readonly peer: PeerId;
  readonly attempt: number;
  /** The peer's offer; absent when this side makes it. */
  readonly offer?: string;
  /** Whether the engine has asked for this peer. */
  readonly wanted: boolean;
  /** Until it must be connected. */
  readonly connectMs: Millis;
  /** Called in the task in which the channels are made. */
  readonly onChannels: (control: RTCDataChannel, chunks: RTCDataChannel) => void;
  readonly onSignal: (kind: SignalKind, text: string) => void;
  /** Called once unless `close` was. */
  readonly onEnd: (reason: string, wasConnected: boolean) => void;
}

/** Begins with `start`; until then it only gathers what the peer says. */
export class PeerAttempt {
  readonly options: PeerAttemptOptions;
  #wanted: boolean;
  #handedOver = false;
  #connection: RTCPeerConnection | undefined;
  #state: 'waiting' | 'connecting' | 'connected' | 'ended' = 'waiting';
  /** The peer's candidates until its description is there. */
  #held: RTCIceCandidateInit[] | undefined = [];
  /** This side's candidates until its description has been said. */
  #unsaid: string[] | undefined = [];
  #candidates = 0;
  #ownCandidates = 0;
  #answered = false;
  #trouble = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Chromium never forgets some of the connections that are closed while they gather; they must not hold what listened to them. */
  readonly #listeners = new AbortController();

  constructor(options: PeerAttemptOptions) {
    this.options = options;
    this.#wanted = options.wanted;
  }

  /** Whether it still has to become a connection. */
  get pending(): boolean {
    return this.#state === 'waiting' || this.#state === 'connecting';
  }

  /** Whether this side has made an offer that the peer has not answered. */
  get offering(): boolean {
    return this.pending && this.options.offer === undefined && !this.#answered;
  }

  get connected(): boolean {
    return this.#state === 'connected';
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  /** Whether the engine knows of it: it has asked, or has been given the channels. */
  get known(): boolean {
    return this.#wanted || this.#handedOver;
  }

  /** The engine wants it as well. */
  want(): void {
    this.#wanted = true;
  }

  start(configuration: RTCConfiguration): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'connecting';
    try {
      const connection = new RTCPeerConnection(configuration);
      this.#connection = connection;
      this.#timer = setTimeout(() => this.#giveUp(), this.options.connectMs);
      this.#listen(connection);
      this.#handedOver = true;
      this.options.onChannels(
        connection.createDataChannel('control', { negotiated: true, id: 0 }),
        connection.createDataChannel('chunks', { negotiated: true, id: 1, ordered: false }),
      );
      this.#negotiate(connection).catch(error => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Takes the peer's answer; one that is not awaited is ignored. */
  answer(sdp: string): void {
    const connection = this.#connection;
    if (connection?.signalingState !== 'have-local-offer' || this.#answered) return;
    this.#answered = true;
    this.#describe(connection, { type: 'answer', sdp }).catch(error => this.#fail(error));
  }

  /** Takes one of the peer's candidates, as JSON. */
  candidate(json: string): void {
    if (this.#state === 'ended') return;
    try {
      if (++this.#candidates > MAX_CANDIDATES) throw new RangeError(`more than ${MAX_CANDIDATES} candidates`);
      const candidate = readCandidate(json);
      if (this.#held) this.#held.push(candidate);
      else if (this.#connection) this.#add(this.#connection, candidate);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Gives it up and tells. */
  end(reason: string): void {
    if (this.#state === 'ended') return;
    const wasConnected = this.connected;
    this.close();
    this.options.onEnd(reason, wasConnected);
  }

  /** Gives it up without a word. */
  close(): void {
    this.#state = 'ended';
    clearTimeout(this.#timer);
    this.#listeners.abort();
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #negotiate(connection: RTCPeerConnection): Promise<void> {
    const { offer } = this.options;
    if (offer !== undefined) await this.#describe(connection, { type: 'offer', sdp: offer });
    if (connection.signalingState === 'closed') return;
    await connection.setLocalDescription();
    if (!this.pending) return;
    this.options.onSignal(offer === undefined ? 'offer' : 'answer', connection.localDescription!.sdp); // just set
    for (const candidate of this.#unsaid ?? []) this.options.onSignal('candidate', candidate);
    this.#unsaid = undefined;
  }

  async #describe(connection: RTCPeerConnection, description: RTCSessionDescriptionInit): Promise<void> {
    checkSections(description.sdp ?? '');
    await connection.setRemoteDescription(description);
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const candidate of held) this.#add(connection, candidate);
  }

  #add(connection: RTCPeerConnection, candidate: RTCIceCandidateInit): void {
    // One that this browser doesn't understand leaves the others.
    connection.addIceCandidate(candidate).catch((error: unknown) => this.#note(textOf(error)));
  }

  #listen(connection: RTCPeerConnection): void {
    const { signal } = this.#listeners;
    connection.addEventListener(
      'icecandidate',
      ({ candidate }) => {
        if (!candidate?.candidate || this.#state === 'ended') return;
        this.#ownCandidates++;
        const json = JSON.stringify(candidate.toJSON());
        if (this.#unsaid) this.#unsaid.push(json);
        else this.options.onSignal('candidate', json);
      },
      { signal },
    );
    connection.addEventListener(
      'icecandidateerror',
      ({ errorCode, errorText, url }) => {
        this.#note(`${url || 'an ICE server'} says ${errorCode} ${errorText}`);
      },
      { signal },
    );
    connection.addEventListener(
      'icegatheringstatechange',
      () => {
        if (connection.iceGatheringState !== 'complete' || this.#ownCandidates > 0 || !this.pending) return;
        this.end(`no candidate: nothing here can be reached${this.#trouble}`);
      },
      { signal },
    );
    connection.addEventListener('connectionstatechange', () => this.#follow(connection), { signal });
    connection.addEventListener('datachannel', () => this.end('the peer opened a channel of its own'), { signal });
  }

  #follow({ connectionState, sctp }: RTCPeerConnection): void {
    if (this.#state === 'ended') return;
    if (connectionState === 'connected') {
      // A peer that leaves tells it here at once; ICE takes seconds to miss it.
      if (!this.connected) {
        const { signal } = this.#listeners;
        sctp?.addEventListener('statechange', () => sctp.state === 'closed' && this.end(HUNG_UP), { signal });
      }
      this.#state = 'connected';
      clearTimeout(this.#timer);
    } else if (connectionState === 'failed') {
      this.end(this.connected ? 'the connection broke off' : `no way to the peer${this.#trouble}`);
    } else if (connectionState === 'closed') {
      this.end('the connection was closed');
    } else if (connectionState === 'disconnected' && this.connected) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.end('the peer was not heard any more'), DISCONNECTED_MS);
    }
  }

  #giveUp(): void {
    this.end(`no connection within ${this.options.connectMs / 1_000} s${this.#trouble}`);
  }

  #fail(error: unknown): void {
    this.end(textOf(error));
  }

  #note(trouble: string): void {
    this.#trouble = `; ${trouble}`;
  }
}

/** A peer may ask for data channels and nothing else: no sound, no picture. */
function checkSections(sdp: string): void {
  const sections = sdp.match(/^m=.*$/gm) ?? [];
  if (sections.length === 1 && sections[0]?.startsWith('m=application ')) return;
  throw new TypeError(`the peer's SDP has ${sections.length} media sections: exactly one "m=application" is accepted`);
}

function readCandidate(json: string): RTCIceCandidateInit {
  const value: unknown = JSON.parse(json);
  if (typeof value === 'object' && value && 'candidate' in value && typeof value.candidate === 'string') {
    return value as RTCIceCandidateInit; // the browser checks its other members
  }
  throw new TypeError('the peer sent what is no candidate');
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON);
}
