// One session with the relay: the handshake that ends in `published`, pings, and how it ended.

import { type Bytes, toHex } from '../bytes.ts';
import { CloseCode, type Link } from '../link.ts';
import type { Signer } from '../signature.ts';
import type { Millis } from '../time.ts';
import { WIRE_VERSION } from '../wire/codec.ts';
import { decodeBody, encodeMessage } from '../wire/framing.ts';
import { challenge, goaway, ping, pong, prove, publish, published, refused } from '../wire/index.ts';
import { proofMac, proofMessage } from '../wire/proof.ts';
import type { RefusalCode } from '../wire/refused.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { RelayClock } from './relay-clock.ts';
import type { RoundTrips } from './round-trips.ts';
import { within } from './within.ts';

/** Why a session ended, or never began. */
export interface SessionEnd {
  readonly type: 'ended';
  readonly reason: string;
  readonly refusal?: RefusalCode;
  readonly retryAfterMs?: Millis;
}

/** A session in which the relay takes chunks. */
export interface Session {
  readonly type: 'session';
  readonly link: Link;
  readonly nextSequence: number;
  readonly ended: Promise<SessionEnd>;
  /** Steady time at which the relay was last heard. */
  heardAt(): Millis;
}

/** Makes a link to the relay; rejects with an error whose message is a sentence. */
export type Connect = (signal: AbortSignal) => Promise<Link> | Link;

/** What a session needs of its publisher. */
export interface Identity {
  readonly channel: string;
  readonly connect: Connect;
  /** Proves that we may publish; never travels. Not needed with a token. */
  readonly publishKey?: string;
  /** Shows that we may publish. */
  readonly token?: string;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes what the relay says beside publishing, once it takes chunks. Throws `ProtocolViolation`. */
  readonly others?: (type: number, body: Bytes) => void;
}

export interface SessionOptions extends Identity {
  readonly relayClock: RelayClock;
  readonly roundTrips: RoundTrips;
  readonly signal: AbortSignal;
}

/** How long connecting and the handshake may take, each. */
const HANDSHAKE_MS: Millis = 10_000;

/** Connects, proves the keys and waits until the relay takes chunks and its clock is known. Never rejects. */
export async function openSession(options: SessionOptions): Promise<Session | SessionEnd> {
  const { clock, signal } = options;
  let link: Link;
  try {
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    signal.addEventListener('abort', abort);
    const connecting = Promise.resolve(options.connect(attempt.signal));
    try {
      const late = () => new Error(`the relay did not answer within ${HANDSHAKE_MS / 1_000} s`);
      link = await within(connecting, HANDSHAKE_MS, clock, late);
    } catch (error) {
      attempt.abort();
      // A link that comes after all is not wanted any more.
      connecting.then(
        late => late.close(CloseCode.done, 'too late'),
        () => {},
      );
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  } catch (error) {
    return { type: 'ended', reason: error instanceof Error ? error.message : String(error) };
  }
  return handshake(link, options);
}

async function handshake(link: Link, options: SessionOptions): Promise<Session | SessionEnd> {
  const { channel, clock, relayClock, roundTrips, signer, signal, token } = options;
  let refusal: { code: RefusalCode; reason: string } | undefined;
  let leaving: { retryAfterMs: Millis; reason: string } | undefined;
  let heardAt = clock.now();
  let nextSequence: number | undefined;
  let ready: () => void = () => {};
  const accepted = new Promise<void>(resolve => {
    ready = resolve;
  });
  const check = () => {
    if (nextSequence !== undefined && relayClock.synchronised) ready();
  };
  const sendPing = () => {
    const sentAt = Math.floor(clock.now());
    roundTrips.asked(sentAt);
    link.send(encodeMessage(ping, { sentAt }));
  };
  const answer = async (nonce: Bytes) => {
    const message = proofMessage(nonce, channel, signer.publicKey);
    const signature = await signer.sign(message);
    const { publishKey } = options;
    const mac = publishKey === undefined ? new Uint8Array(32) : proofMac(publishKey, message);
    link.send(encodeMessage(prove, { mac, signature }));
  };
  link.receive = (type, body) => {
    heardAt = clock.now();
    if (type === challenge.type) {
      sendPing();
      answer(decodeBody(challenge, body).nonce).catch(error => link.close(CloseCode.failed, `can't sign: ${error}`));
    } else if (type === published.type) {
      nextSequence = decodeBody(published, body).nextSequence;
      sendPing();
      check();
    } else if (type === ping.type) {
      const { sentAt } = decodeBody(ping, body);
      link.send(encodeMessage(pong, { sentAt, clock: Math.max(0, Math.round(clock.now())) }));
    } else if (type === pong.type) {
      const told = decodeBody(pong, body);
      relayClock.sample(told.sentAt, heardAt, told.clock);
      roundTrips.answered(told.sentAt, heardAt);
      check();
    } else if (type === refused.type) {
      refusal = decodeBody(refused, body);
    } else if (type === goaway.type) {
      leaving = decodeBody(goaway, body);
      link.close(CloseCode.done, 'as asked');
    } else if (nextSequence !== undefined) {
      options.others?.(type, body);
    }
  };
  const ended = link.closed.then((close): SessionEnd => {
    if (refusal) {
      const reason = `the relay refused to publish ${channel} (${refusal.code}): ${refusal.reason}`;
      return { type: 'ended', reason, refusal: refusal.code };
    }
    if (leaving) {
      return { type: 'ended', reason: `the relay leaves: ${leaving.reason}`, retryAfterMs: leaving.retryAfterMs };
    }
    return { type: 'ended', reason: `the link to the relay ended: ${close.reason || `code ${close.code}`}` };
  });
  const stop = () => link.close(CloseCode.done, 'the publisher leaves');
  if (signal.aborted) stop();
  // The first answers are slow while everything begins; the fastest of a few tells the relay's clock.
  sendPing();
  link.send(encodeMessage(publish, { version: WIRE_VERSION, channel, publicKey: signer.publicKey, token }));
  options.log.debug({ channel, publicKey: toHex(signer.publicKey) }, 'asked to publish');
  signal.addEventListener('abort', stop);
  void ended.then(() => signal.removeEventListener('abort', stop));
  try {
    const first = Promise.race([accepted, ended]);
    const late = () => new Error('the relay did not finish the handshake');
    const end = await within(first, HANDSHAKE_MS, clock, late);
    if (end) return end;
  } catch (error) {
    link.close(CloseCode.failed, 'the handshake took too long');
    return { type: 'ended', reason: error instanceof Error ? error.message : String(error) };
  }
  return { type: 'session', link, nextSequence: nextSequence!, ended, heardAt: () => heardAt }; // set: `accepted` waits for it
}
