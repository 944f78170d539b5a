// The link to the relay beside a recording: by it viewers find each other. Without it there are only no peers.

import type { Bytes } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { renewAccess, subscribe } from '../../core/wire/index.ts';
import type { ChannelDocument } from '../engine/channel-document.ts';
import type { DocumentReply, EngineOptions, RelayTransport } from '../engine/engine-messages.ts';
import { RelayConnection, type RelayConnectionOwner } from '../engine/relay-connection.ts';

/** What the link tells. */
export interface RecordingLinkOwner {
  linked(transport: RelayTransport, document: ChannelDocument): void;
  /** May throw `ProtocolViolation`, which closes the link. */
  heard(type: number, body: Bytes): void;
  clock(offset: Millis, roundTripMs: Millis): void;
}

/** Of one recording. */
export class RecordingLink implements RelayConnectionOwner {
  /** How often it was up. */
  count = 0;
  readonly #name: string;
  readonly #owner: RecordingLinkOwner;
  readonly #connection: RelayConnection;
  #document: ChannelDocument;

  /** `reply`: the recording's document, which names the ways to the relay as a channel's does. */
  constructor(options: EngineOptions, document: ChannelDocument, reply: DocumentReply, owner: RecordingLinkOwner) {
    const { relay, name, transports, token } = options;
    this.#name = name;
    this.#owner = owner;
    this.#document = document;
    this.#connection = new RelayConnection({ relay, name, transports, token, isAsked: true }, this);
    this.#connection.answered(reply);
  }

  send(message: Bytes): void {
    this.#connection.send(message);
  }

  renew(token: string): void {
    this.#connection.token = token;
    this.send(encodeMessage(renewAccess, { token }));
  }

  wake(): void {
    this.#connection.wake();
  }

  close(): void {
    this.#connection.close();
  }

  found(document: ChannelDocument): void {
    this.#document = document;
  }

  greeting(): Bytes {
    const { ticket } = this.#document;
    const { token } = this.#connection;
    return encodeMessage(subscribe, { version: WIRE_VERSION, channel: this.#name, token, ticket });
  }

  opened(transport: RelayTransport): void {
    this.count++;
    this.#owner.linked(transport, this.#document);
  }

  received(type: number, body: Bytes): void {
    this.#owner.heard(type, body);
  }

  clock(offset: Millis, roundTripMs: Millis): void {
    this.#owner.clock(offset, roundTripMs);
  }

  lost(): void {}

  refused(): void {}

  isFinal(): boolean {
    return true;
  }
}
