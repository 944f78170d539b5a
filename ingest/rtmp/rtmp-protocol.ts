// The server's side of RTMP for one encoder: node-media-server's handshake, chunk reader and AMF, with what they lack of caution. No sockets, no clock.

import logger from 'node-media-server/src/core/logger.js';
import AMF from 'node-media-server/src/protocol/amf.js';
import Rtmp, { type InvokeMessage } from 'node-media-server/src/protocol/rtmp.js';
import type { Bytes } from '../../core/bytes.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import { flvTagOf } from './flv-tag-of.ts';

/** What an encoder brings about. */
export interface RtmpEvents {
  /** Bytes for the encoder. */
  output(bytes: Buffer): void;
  /** It wants to publish: answered by `accept` or `refuse`. */
  publish(app: string, streamName: string): void;
  /** A frame, a sequence header or metadata, as an FLV tag of its own. */
  media(tag: Bytes): void;
  /** It has ended its stream in good order. */
  unpublish(): void;
  /** Something is left out, told once. */
  note(reason: string): void;
}

/** Why an encoder is turned away (RTMP's own words). */
export type RefusalCode = 'NetStream.Publish.BadName' | 'NetStream.Publish.Failed';

/** Largest message of somebody who may not publish yet; names and keys fit. */
const MAX_COMMAND = 65_536;
/** Largest message of a publisher: a key frame of a very good picture. */
const MAX_MESSAGE = 8 * 1_048_576;
/** What all messages under way may take together. */
const MAX_HELD = 16 * 1_048_576;
const MAX_CHUNK_STREAMS = 64;
/** Streams that may be created. */
const MAX_STREAMS = 16;
/** Of an application's or a stream's name, with its query. */
const MAX_NAME = 2_048;

const CLOCK_PERIOD = 2 ** 32;
const NO_HANDSHAKE = 0;
const RTMP_VERSION = 3;
const SET_CHUNK_SIZE = 1;
const ABORT = 2;
const WINDOW_ACKNOWLEDGEMENT_SIZE = 5;
const AMF3_COMMAND = 17;
const AGGREGATE = 22;
const PING_REQUEST = 6;
const PING_RESPONSE = 7;
/** A chunk that goes on with a message has a header of this type. */
const CONTINUATION = 3;

// It would write lines to standard output at whoever's will.
logger.log = () => {};

/** Throws `ProtocolViolation` from `push` on everything that is no RTMP, or too much of it. */
export class RtmpProtocol extends Rtmp {
  readonly #events: RtmpEvents;
  #state: 'new' | 'connected' | 'asking' | 'publishing' | 'over' = 'new';
  #app = '';
  #received = 0;
  #acknowledged = 0;
  #acknowledgeEvery = Number.POSITIVE_INFINITY;
  #noted = false;
  /** Media that came before the answer. */
  #early: Bytes[] = [];

  constructor(events: RtmpEvents) {
    super();
    this.#events = events;
    this.flv = undefined; // a reader with a megabyte of its own that nobody uses
    this.onOutputCallback = bytes => events.output(bytes);
  }

  /** The next bytes of the encoder. */
  push(bytes: Buffer): void {
    if (this.#state === 'over' || bytes.length === 0) return;
    if (this.handshakeState === NO_HANDSHAKE && bytes[0] !== RTMP_VERSION) {
      throw new ProtocolViolation(`no RTMP: a handshake begins with ${RTMP_VERSION}, this with ${bytes[0]}`);
    }
    try {
      this.parserData(bytes);
    } catch (error) {
      if (error instanceof ProtocolViolation) throw error;
      // The reader and the AMF decoder throw whatever comes to their mind on malformed bytes.
      throw new ProtocolViolation(`malformed: ${error instanceof Error ? error.message : error}`);
    }
    this.#received += bytes.length;
    if (this.#received - this.#acknowledged >= this.#acknowledgeEvery) {
      this.#acknowledged = this.#received;
      this.sendACK(this.#received % CLOCK_PERIOD);
    }
  }

  /** Lets it publish. */
  accept(): void {
    if (this.#state !== 'asking') return;
    this.#state = 'publishing';
    this.respondPublish();
    for (const tag of this.#early.splice(0)) this.#events.media(tag);
  }

  /** Tells it why not, or why no longer; nothing it says is heard from then on. */
  refuse(code: RefusalCode, reason: string): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#early = [];
    // The encoder of AMF counts letters where it should count bytes.
    this.sendStatusMessage(this.streamId ?? 0, 'error', code, reason.replace(/[^ -~]/g, '?').slice(0, MAX_NAME));
  }

  override packetParse(): void {
    super.packetParse();
    if (this.inPackets.size > MAX_CHUNK_STREAMS) throw new ProtocolViolation('too many chunk streams');
    // A new message where the old one isn't complete: its buffer has the wrong size.
    if (this.parserPacket.header.fmt !== CONTINUATION) this.parserPacket.bytes = 0;
  }

  override packetAlloc(): void {
    const packet = this.parserPacket;
    const most = this.#state === 'publishing' ? MAX_MESSAGE : MAX_COMMAND;
    const { length } = packet.header;
    if (length > most) throw new ProtocolViolation(`a message of ${length} bytes, at most ${most} are taken`);
    packet.clock %= CLOCK_PERIOD;
    super.packetAlloc();
    let held = 0;
    for (const { capacity } of this.inPackets.values()) held += capacity;
    if (held > MAX_HELD)
      throw new ProtocolViolation(`messages of ${held} bytes at once, at most ${MAX_HELD} are taken`);
  }

  override packetHandler(): void {
    if (this.#state === 'over') return;
    if (this.parserPacket.header.type !== AGGREGATE) super.packetHandler();
    else if (!this.#noted) {
      this.#noted = true;
      this.#events.note('the encoder sends aggregate messages, which are left out');
    }
  }

  override controlHandler(): void {
    const { type } = this.parserPacket.header;
    if (type === SET_CHUNK_SIZE) {
      const size = this.#u32(0);
      if (size < 1 || size > 0x7fff_ffff) throw new ProtocolViolation(`a chunk size of ${size}`);
      this.inChunkSize = size;
    } else if (type === ABORT) {
      const aborted = this.inPackets.get(this.#u32(0));
      if (aborted) aborted.bytes = 0;
    } else if (type === WINDOW_ACKNOWLEDGEMENT_SIZE) {
      this.#acknowledgeEvery = Math.max(this.#u32(0), MAX_COMMAND);
    }
  }

  override eventHandler(): void {
    const { payload, header } = this.parserPacket;
    if (header.length >= 6 && payload.readUInt16BE(0) === PING_REQUEST)
      this.sendStreamStatus(PING_RESPONSE, this.#u32(2));
  }

  override invokeHandler(): void {
    const { header, payload } = this.parserPacket;
    if (header.length > MAX_COMMAND) throw new ProtocolViolation(`a command of ${header.length} bytes`);
    const message = AMF.decodeAmf0Cmd(payload.subarray(header.type === AMF3_COMMAND ? 1 : 0, header.length));
    const { cmd } = message;
    if (cmd === 'connect') this.#connect(message);
    else if (cmd === 'createStream') this.#createStream(message);
    else if (cmd === 'publish') this.#publish(message);
    else if (cmd === 'play') this.#turnAway('NetStream.Play.Failed', 'this server takes streams, it plays none');
    else if (cmd === 'FCUnpublish' || cmd === 'closeStream' || cmd === 'deleteStream') this.#unpublish();
  }

  override dataHandler(): void {
    const { clock, header, payload } = this.parserPacket;
    const tag = flvTagOf(header.type, clock, payload.subarray(0, header.length));
    if (!tag) return;
    // An encoder that doesn't wait for the answer: its socket isn't read meanwhile, so this is what one read held.
    if (this.#state === 'asking') this.#early.push(tag);
    else if (this.#state === 'publishing') this.#events.media(tag);
  }

  #connect(message: InvokeMessage): void {
    if (this.#state !== 'new') throw new ProtocolViolation('connect came twice');
    const told = message.cmdObj;
    if (typeof told !== 'object' || told === null) throw new ProtocolViolation('connect says nothing');
    this.#state = 'connected';
    this.#app = textOf(Reflect.get(told, 'app'), 'application');
    // The server's address is not needed, and the reader throws at what is none; names go into answers, where neither keys nor umlauts may be.
    const cmdObj = { app: 'app', tcUrl: 'rtmp://host/', objectEncoding: 0 };
    this.onConnect({ transId: numberOf(message.transId), cmdObj });
  }

  #createStream(message: InvokeMessage): void {
    if (this.streams >= MAX_STREAMS) throw new ProtocolViolation('too many streams');
    this.onCreateStream({ transId: numberOf(message.transId) });
  }

  #publish(message: InvokeMessage): void {
    if (this.#state !== 'connected') throw new ProtocolViolation('publish came before connect, or twice');
    this.#state = 'asking';
    this.streamId = this.parserPacket.header.stream_id;
    this.streamName = 'stream';
    this.#events.publish(this.#app, textOf(message.streamName, 'stream name'));
  }

  #unpublish(): void {
    if (this.#state !== 'publishing') return;
    this.#state = 'over';
    this.sendStatusMessage(this.streamId, 'status', 'NetStream.Unpublish.Success', 'the stream is no longer published');
    this.#events.unpublish();
  }

  #turnAway(code: string, reason: string): never {
    this.#state = 'over';
    this.sendStatusMessage(this.parserPacket.header.stream_id, 'error', code, reason);
    throw new ProtocolViolation(reason);
  }

  // Of the message, not of an earlier one that was longer.
  #u32(at: number): number {
    const { header, payload } = this.parserPacket;
    if (header.length < at + 4) throw new ProtocolViolation(`a control message of ${header.length} bytes`);
    return payload.readUInt32BE(at);
  }
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.length > MAX_NAME)
    throw new ProtocolViolation(`no ${what}, or a very long one`);
  return value;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
