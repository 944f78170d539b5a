// Listens for encoders: each that is let in feeds a channel of its own.

import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../core/publish/clock.ts';
import type { Log } from '../../core/publish/log.ts';
import type { Millis } from '../../core/time.ts';
import { steadyClock } from '../clock.ts';
import { Admission, type AdmissionLimits } from './admission.ts';
import type { ListenAddress } from './listen-address.ts';
import { PushedChannel, type PushedChannelOptions } from './pushed-channel.ts';
import { RtmpConnection, type Verdict } from './rtmp-connection.ts';
import { readStreamAddress } from './stream-address.ts';
import type { MayPublish } from './stream-keys.ts';

export interface RtmpOptions {
  readonly listen: readonly ListenAddress[];
  readonly mayPublish: MayPublish;
  /** Feeds a channel from a source; called when its first encoder comes. May reject. */
  readonly start: PushedChannelOptions['start'];
  readonly log: Log;
  /** An encoder without a frame for so long is dropped; 10 s if not given. */
  readonly stallMs?: Millis;
  /** How long a channel waits for its encoder to come back; 5 s if not given. */
  readonly graceMs?: Millis;
  readonly limits?: AdmissionLimits;
  readonly clock?: Clock;
}

export interface RtmpListener {
  /** As encoders are to be told, without channel and key. */
  readonly addresses: readonly string[];
  /** Lets every encoder go; `unpublish` tells viewers that the broadcasts are over. */
  close(options: { unpublish: boolean }): Promise<void>;
}

/** Whoever guesses keys is answered so late. */
const WRONG_KEY_MS: Millis = 1_000;
/** Connections over the limit are told of once in so long. */
const TELL_AGAIN_MS: Millis = 10_000;

/** Listens; rejects with a sentence when an address can't be listened on. */
export async function listenRtmp(options: RtmpOptions): Promise<RtmpListener> {
  const desk = new Desk(options);
  const opened: { readonly server: Server; readonly address: string }[] = [];
  const close = () => {
    for (const { server } of opened) server.close();
  };
  try {
    for (const address of options.listen) opened.push(await listen(address, socket => desk.take(socket, address)));
  } catch (error) {
    close();
    throw error;
  }
  return {
    addresses: opened.map(({ address }) => address),
    async close(how) {
      close();
      await desk.close(how);
    },
  };
}

function listen({ host, port, application }: ListenAddress, take: (socket: Socket) => void) {
  const server = createServer(take);
  return new Promise<{ server: Server; address: string }>((resolve, reject) => {
    const at = `rtmp://${host.includes(':') ? `[${host}]` : host}`;
    server.once('error', error =>
      reject(new Error(`encoders can't be listened for at ${at}:${port}: ${reasonOf(error)}`)),
    );
    server.listen(port, host, () => {
      const bound = server.address();
      const taken = typeof bound === 'object' && bound ? bound.port : port;
      resolve({ server, address: `${at}:${taken}/${application}` });
    });
  });
}

function reasonOf(error: Error & { readonly code?: string }): string {
  if (error.code === 'EADDRINUSE') return 'the port is taken';
  if (error.code === 'EACCES') return 'this port is not for everybody';
  return error.message;
}

/** Receives connections and hands them to their channels. */
class Desk {
  readonly #options: RtmpOptions;
  readonly #clock: Clock;
  readonly #admission: Admission;
  readonly #connections = new Set<RtmpConnection>();
  readonly #channels = new Map<string, PushedChannel>();
  #toldAt: Millis = Number.NEGATIVE_INFINITY;
  #closing = false;

  constructor(options: RtmpOptions) {
    this.#options = options;
    this.#clock = options.clock ?? steadyClock;
    this.#admission = new Admission(options.limits);
  }

  take(socket: Socket, { application }: ListenAddress): void {
    const leave = this.#admission.enter(socket.remoteAddress ?? '');
    if (typeof leave === 'string') {
      socket.on('error', () => {}); // it is not wanted any more
      socket.destroy();
      if (this.#clock.now() - this.#toldAt < TELL_AGAIN_MS) return;
      this.#toldAt = this.#clock.now();
      this.#options.log.warn({ address: socket.remoteAddress }, `a connection is refused: ${leave}`);
      return;
    }
    const { log, stallMs = 10_000 } = this.#options;
    const connection = new RtmpConnection(socket, {
      clock: this.#clock,
      log,
      stallMs,
      judge: (asking, app, streamName) => this.#judge(asking, application, app, streamName),
    });
    this.#connections.add(connection);
    void connection.closed.then(() => {
      this.#connections.delete(connection);
      leave();
    });
  }

  async close(how: { unpublish: boolean }): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#channels.values()].map(channel => channel.close(how)));
    for (const connection of this.#connections) connection.destroy();
  }

  async #judge(connection: RtmpConnection, application: string, app: string, streamName: string): Promise<Verdict> {
    const { log, mayPublish } = this.#options;
    const { address } = connection;
    const asked = readStreamAddress(application, app, streamName);
    if (typeof asked === 'string') {
      log.warn({ address }, `an encoder is refused: ${asked}`);
      return { accepted: false, code: 'NetStream.Publish.BadName', reason: asked };
    }
    const { channel, key } = asked;
    if (!mayPublish(channel, key)) {
      const reason = key === '' ? 'no key was given: add ?key=<key> to the stream key' : 'wrong key';
      log.warn({ channel, address }, `an encoder is refused: ${reason}`);
      await this.#clock.wait(WRONG_KEY_MS);
      return { accepted: false, code: 'NetStream.Publish.BadName', reason };
    }
    const verdict = await this.#channelVerdict(channel, connection);
    if (!verdict.accepted) log.warn({ channel, address }, `an encoder is refused: ${verdict.reason}`);
    return verdict;
  }

  async #channelVerdict(name: string, connection: RtmpConnection): Promise<Verdict> {
    const { graceMs = 5_000, log, start } = this.#options;
    while (!this.#closing) {
      let channel = this.#channels.get(name);
      if (!channel) {
        const fresh = new PushedChannel(name, { clock: this.#clock, log, start, graceMs });
        this.#channels.set(name, fresh);
        void fresh.gone.then(() => this.#channels.delete(name));
        channel = fresh;
      }
      const verdict = await channel.claim(connection);
      if (verdict !== 'gone') return verdict;
      await channel.gone;
    }
    return { accepted: false, code: 'NetStream.Publish.Failed', reason: 'the server leaves' };
  }
}
