// What every link must do, whatever carries it: run by each transport's test, on each runtime.

import assert from 'node:assert/strict';
import type { Bytes } from '../../core/bytes.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import { CloseCode, type Link, type LinkClose } from '../../core/link.ts';
import type { Codec } from '../../core/wire/codec.ts';
import { encodeMessage } from '../../core/wire/framing.ts';

/** The two ends of a fresh link. Lanes are the server's: it opens them. */
export interface LinkPair {
  readonly client: Link;
  readonly server: Link;
  /** Cuts the connection without a word; absent where there is no connection to cut. */
  cut?(): void;
  /** Bytes that may pass at most, where a transport's own fault limits it. */
  readonly maxBytes?: number;
  /** The largest body that passes, where that is less than any message's. */
  readonly maxMessage?: number;
  /** Releases what the pair took. */
  end(): Promise<void>;
}

export type OpenPair = () => Promise<LinkPair>;

/** One demand on links; `skip` says why a transport can't be asked. */
export interface LinkCase {
  readonly name: string;
  skip?(pair: LinkPair): string | undefined;
  run(pair: LinkPair): Promise<void>;
}

const WAIT_MS = 20_000;

const HELLO_TYPE = 63;
/** A message that the cases don't count: with WebTransport the server sees the control stream when something has come on it. */
export const HELLO = Uint8Array.of(HELLO_TYPE, 0);

/** A message of `size` bytes that begins with a number. */
const numbered: Codec<{ n: number; size: number }> = {
  type: 60,
  name: 'numbered',
  maxSize: 131_072,
  write(writer, { n, size }) {
    writer.varint(n).put(new Uint8Array(size).fill(n & 255));
  },
  read(reader) {
    return { n: reader.varint(), size: reader.rest().length };
  },
};
const message = (n: number, size = 10): Bytes => encodeMessage(numbered, { n, size });

/** Collects what a link receives, and waits for a number of messages. */
class Inbox {
  readonly bodies: Bytes[] = [];
  #waiting: { count: number; resolve: () => void } | undefined;

  constructor(link: Link) {
    link.receive = (type, body) => {
      if (type === HELLO_TYPE) return;
      assert.equal(type, numbered.type);
      this.bodies.push(body);
      if (this.#waiting && this.bodies.length >= this.#waiting.count) this.#waiting.resolve();
    };
  }

  get numbers(): number[] {
    return this.bodies.map(body => (body[0]! < 64 ? body[0]! : ((body[0]! & 63) << 8) | body[1]!));
  }

  async until(count: number): Promise<void> {
    if (this.bodies.length >= count) return;
    await within(`${count} messages`, new Promise<void>(resolve => (this.#waiting = { count, resolve })));
  }
}

async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${WAIT_MS} ms`)), WAIT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

const count = (n: number) => Array.from({ length: n }, (_, i) => i);

export const LINK_CASES: readonly LinkCase[] = [
  {
    name: 'carries messages both ways, in order',
    async run({ client, server }) {
      const atServer = new Inbox(server);
      const atClient = new Inbox(client);
      for (const n of count(200)) {
        client.send(message(n));
        server.send(message(n));
      }
      await Promise.all([atServer.until(200), atClient.until(200)]);
      assert.deepEqual(atServer.numbers, count(200));
      assert.deepEqual(atClient.numbers, count(200));
    },
  },
  {
    name: 'holds what comes before the owner listens',
    async run({ client, server }) {
      new Inbox(client);
      client.send(message(1));
      client.send(message(2));
      await new Promise(resolve => setTimeout(resolve, 50)); // the messages may arrive meanwhile: either way they count
      const inbox = new Inbox(server);
      await inbox.until(2);
      assert.deepEqual(inbox.numbers, [1, 2]);
    },
  },
  {
    name: 'carries the smallest and the largest messages unchanged, several at once',
    async run({ client, server, maxMessage = 131_000 }) {
      const inbox = new Inbox(server);
      new Inbox(client);
      const joinedSize = Math.min(70_000, maxMessage - 100);
      const sizes = [0, 1, 4_000, Math.min(16_256, maxMessage), maxMessage];
      for (const [n, size] of sizes.entries()) client.send(message(n, size));
      const joined = new Uint8Array([...message(5, 3), ...message(6, joinedSize)]);
      client.send(joined);
      await inbox.until(7);
      assert.deepEqual(inbox.numbers, count(7));
      assert.deepEqual(
        inbox.bodies.map(body => body.length - 1),
        [...sizes, 3, joinedSize],
      );
      for (const [n, body] of inbox.bodies.entries()) assert.ok(body.every(byte => byte === n));
    },
  },
  {
    name: 'views handed on stay valid',
    async run({ client, server }) {
      const inbox = new Inbox(server);
      new Inbox(client);
      for (const n of count(60)) client.send(message(n, 9_000));
      await inbox.until(60);
      for (const [n, body] of inbox.bodies.entries()) assert.ok(body.every(byte => byte === n));
    },
  },
  {
    name: 'keeps the order on each lane',
    skip: ({ server }) => (server.lanes === 0 ? 'it has no lanes' : undefined),
    async run({ client, server }) {
      const inbox = new Inbox(client);
      new Inbox(server);
      for (const n of count(400)) server.send(message(n, 500), 1 + (n % server.lanes));
      await inbox.until(400);
      for (const lane of count(server.lanes)) {
        const ofLane = inbox.numbers.filter(n => n % server.lanes === lane);
        assert.deepEqual(
          ofLane,
          count(400).filter(n => n % server.lanes === lane),
        );
      }
    },
  },
  {
    name: 'says when it is full and when it has drained, and loses nothing',
    async run({ client, server, maxBytes = 32_000_000 }) {
      const inbox = new Inbox(client);
      new Inbox(server);
      const lane = server.lanes > 0 ? 1 : 0;
      const total = Math.floor(maxBytes / 16_000);
      let next = 0;
      let blocked = 0;
      let mostAtOnce = 0;
      await within(
        'all sent',
        new Promise<void>(resolve => {
          const fill = () => {
            let atOnce = 0;
            while (next < total && server.writable(lane)) {
              const bytes = message(next++, 16_000);
              atOnce += bytes.length;
              server.send(bytes, lane);
            }
            mostAtOnce = Math.max(mostAtOnce, atOnce);
            if (next === total) resolve();
            else blocked++;
          };
          server.drained = drainedLane => {
            if (drainedLane === lane) fill();
          };
          fill();
        }),
      );
      await inbox.until(total);
      assert.deepEqual(inbox.numbers, count(total));
      assert.ok(blocked > 0, 'it never said that it was full');
      assert.ok(mostAtOnce < 16_000_000, `it took ${mostAtOnce} bytes at once`);
    },
  },
  {
    name: 'tells the other side why it closed',
    async run({ client, server }) {
      new Inbox(client);
      new Inbox(server);
      server.close(CloseCode.tooSlow, 'reads too slowly');
      assert.deepEqual(await within('server end', server.closed), {
        code: CloseCode.tooSlow,
        reason: 'reads too slowly',
      });
      assert.deepEqual(await within('client end', client.closed), {
        code: CloseCode.tooSlow,
        reason: 'reads too slowly',
      });
      server.send(message(1)); // does nothing
      server.close(CloseCode.done, '');
      assert.equal(server.writable(0), false);
    },
  },
  {
    name: 'lets the client close as well',
    async run({ client, server }) {
      const inbox = new Inbox(server);
      new Inbox(client);
      client.send(message(7));
      await inbox.until(1);
      client.close(CloseCode.done, 'bye');
      assert.deepEqual(await within('server end', server.closed), { code: CloseCode.done, reason: 'bye' });
    },
  },
  {
    name: 'closes when the owner finds a violation',
    async run({ client, server }) {
      new Inbox(client);
      server.receive = type => {
        if (type !== HELLO_TYPE) throw new ProtocolViolation('that was wrong');
      };
      client.send(message(1));
      const expected: LinkClose = { code: CloseCode.protocolViolation, reason: 'that was wrong' };
      assert.deepEqual(await within('server end', server.closed), expected);
      assert.deepEqual(await within('client end', client.closed), expected);
    },
  },
  {
    name: 'closes at once when 1 GiB is announced',
    async run({ client, server }) {
      new Inbox(client);
      new Inbox(server);
      client.send(Uint8Array.of(4, 0xc0, 0, 0, 0, 0x40, 0, 0, 0));
      const { code, reason } = await within('server end', server.closed);
      assert.equal(code, CloseCode.protocolViolation);
      assert.match(reason, /1073741824 bytes is announced/);
      assert.equal((await within('client end', client.closed)).code, CloseCode.protocolViolation);
    },
  },
  {
    name: 'notices when the other side dies',
    skip: ({ cut }) => (cut ? undefined : 'there is no connection to cut'),
    async run({ client, server, cut }) {
      const inbox = new Inbox(server);
      new Inbox(client);
      client.send(message(1));
      await inbox.until(1);
      cut?.();
      assert.notEqual((await within('server end', server.closed)).code, CloseCode.done);
    },
  },
];
