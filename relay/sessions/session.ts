// One link on the relay: its first message says what it is; pings tell when it is dead.

import type { Bytes } from '../../core/bytes.ts';
import { channelNameFault } from '../../core/channel-name.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import { CloseCode, type Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { goaway, ping, pong, publish, refused, subscribe } from '../../core/wire/index.ts';
import type { RefusalCode } from '../../core/wire/refused.ts';
import type { Resume } from '../../core/wire/subscribe.ts';
import { PublisherSession } from './publisher-session.ts';
import type { Role } from './role.ts';
import type { SessionContext } from './session-context.ts';
import { ViewerSession } from './viewer-session.ts';

/** A link must say within this time what it is. */
const FIRST_MESSAGE_MS: Millis = 5_000;
const PING_EVERY_MS: Millis = 5_000;
/** A link that was silent for so long is dead. */
const SILENT_MS: Millis = 15_000;
/** How long a refusal has to reach the other side before the link is closed. */
const REFUSAL_MS: Millis = 300;
/** A reason may quote what came, so it is cut to this many characters: some transports refuse to close with more than 1,024 bytes. */
const MAX_REASON = 300;

export class Session {
  readonly link: Link;
  readonly address: string;
  role: Role | undefined;
  readonly #context: SessionContext;
  readonly #openedAt: Millis;
  #heardAt: Millis;
  #pingedAt: Millis;
  #refused = false;

  constructor(link: Link, address: string, context: SessionContext) {
    this.link = link;
    this.address = address;
    this.#context = context;
    this.#openedAt = this.#heardAt = this.#pingedAt = context.steady();
    link.receive = (type, body) => this.#receive(type, body);
    void link.closed.then(close => {
      this.role?.ended();
      context.log.debug({ address, transport: link.transport, kind: this.role?.kind, ...close }, 'link ended');
    });
  }

  /** Says no, and closes the link when that had time to arrive. */
  refuse(code: RefusalCode, why: string): void {
    if (this.#refused) return;
    this.#refused = true;
    const reason = why.slice(0, MAX_REASON);
    const { log, after } = this.#context;
    log.info({ address: this.address, channel: this.role?.channel.name, code, reason }, 'refused');
    this.link.send(encodeMessage(refused, { code, reason }));
    after(REFUSAL_MS, () => this.link.close(CloseCode.refused, reason));
  }

  /** Tells the other side to come back later. */
  goaway(retryAfterMs: Millis, reason: string): void {
    this.link.send(encodeMessage(goaway, { retryAfterMs, reason }));
  }

  /** Pings, and ends what is dead; called about once a second. */
  tick(): void {
    const now = this.#context.steady();
    if (!this.role && now - this.#openedAt > FIRST_MESSAGE_MS) {
      this.link.close(CloseCode.protocolViolation, 'neither subscribe nor publish came within 5 s');
    } else if (now - this.#heardAt > SILENT_MS) {
      this.link.close(CloseCode.failed, `silent for ${SILENT_MS / 1_000} s`);
    } else if (now - this.#pingedAt >= PING_EVERY_MS) {
      this.#pingedAt = now;
      this.link.send(encodeMessage(ping, { sentAt: now }));
    }
  }

  #receive(type: number, body: Bytes): void {
    if (this.#refused) return;
    this.#heardAt = this.#context.steady();
    this.role?.heard();
    if (type === ping.type) {
      const { sentAt } = decodeBody(ping, body);
      // Whoever asks without reading the answers must not make them pile up.
      if (this.link.writable(0)) this.link.send(encodeMessage(pong, { sentAt, clock: this.#context.clock() }));
    } else if (type === pong.type) {
      this.role?.pong(decodeBody(pong, body).sentAt);
    } else if (this.role) {
      this.role.receive(type, body);
    } else {
      this.#begin(type, body);
    }
  }

  #begin(type: number, body: Bytes): void {
    if (type !== subscribe.type && type !== publish.type) {
      throw new ProtocolViolation(`message type ${type} came before subscribe or publish`);
    }
    const request: { version: number; channel: string; publicKey?: Bytes; resume?: Resume } =
      type === subscribe.type ? decodeBody(subscribe, body) : decodeBody(publish, body);
    const { publicKey } = request;
    if (request.version !== WIRE_VERSION) {
      this.refuse('bad-version', `wire version ${request.version}: this relay speaks ${WIRE_VERSION}`);
      return;
    }
    const fault = channelNameFault(request.channel);
    if (fault) {
      this.refuse('bad-name', fault);
      return;
    }
    const { channels, log } = this.#context;
    const channel = channels.get(request.channel);
    log.debug({ channel: channel.name, address: this.address, transport: this.link.transport, type }, 'link began');
    this.role =
      publicKey === undefined
        ? new ViewerSession(this, channel, this.#context, request.resume)
        : new PublisherSession(this, channel, publicKey, this.#context);
  }
}
