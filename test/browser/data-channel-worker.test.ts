// Links whose owner is in a worker, as the engine is: over channels that are transferred, and over a port that stands for them.

import type { PeerEvent } from '../../components/links/peer-messages.ts';
import type { Bytes } from '../../core/bytes.ts';
import type { DataChannelLink } from '../../core/links/data-channel-link.ts';
import { expectEqual, expectSame, expectThat, until } from './expect.ts';
import { TestNetwork, type TestPeer } from './peer-pair.ts';

/** What channel-worker.ts tells. */
type Told =
  | { type: 'opened'; opened: boolean; by: string }
  | { type: 'closed'; close: { code: number; reason: string } };

for (const by of ['channels', 'port'] as const) {
  describe(`a link in a worker, by ${by}`, () => {
    let network: TestNetwork;
    let worker: Worker;
    let told: Told[];
    let a: TestPeer;
    let b: TestPeer;

    beforeEach(() => {
      network = new TestNetwork();
      told = [];
      worker = new Worker(new URL('./channel-worker.ts', import.meta.url), { type: 'module' });
      worker.addEventListener('message', ({ data }: MessageEvent<Told>) => told.push(data));
      a = network.peer(1);
      b = network.peer(2, { emit: (event, transfer) => emit(event, transfer) });
    });
    afterEach(() => {
      network.close();
      worker.terminate();
    });

    async function connect(): Promise<DataChannelLink> {
      a.connect(2);
      const link = await a.linked(2);
      await until(() => told.length > 0, 'it is open in the worker');
      expectSame(told, [{ type: 'opened', opened: true, by }]);
      return link;
    }

    function emit(event: PeerEvent, transfer: Transferable[]): void {
      if (event.type === 'signal') a.hear({ ...event.signal, peer: 2 });
      else if (event.type === 'channels' && by === 'port') throw new DOMException('not here', 'DataCloneError');
      else if (event.type === 'channels' || event.type === 'port') worker.postMessage(event, transfer);
      else b.events.push(event);
    }

    it('carries 200 chunks there and back, intact', async () => {
      const link = await connect();
      const back: Bytes[] = [];
      link.receive = (_type, body) => back.push(body);
      let next = 0;
      const fill = () => {
        while (next < 200 && link.writable(1)) {
          const n = next++;
          link.send(
            new Uint8Array(4_000)
              .fill(n & 255)
              .with(0, 60)
              .with(1, 0x40 | (3_997 >> 8))
              .with(2, 3_997 & 255),
            1,
          );
        }
      };
      link.drained = fill;
      fill();
      await until(() => back.length === 200, `all are back: ${back.length}`);
      const numbers = back.map(body => body[0]!).sort((x, y) => x - y);
      expectSame(numbers, [...numbers.keys()]);
      expectThat(
        back.every(body => body.length === 3_997 && body.every(byte => byte === body[0])),
        'every byte is as it was sent',
      );
    });

    it('ends with the reason that the other gives', async () => {
      const link = await connect();
      link.close(4, 'too slow');
      await until(() => told.some(({ type }) => type === 'closed'), 'the worker is told');
      expectSame(told.at(-1), { type: 'closed', close: { code: 4, reason: 'too slow' } });
    });

    it('ends when the other is gone without a word', async () => {
      await connect();
      a.pass = () => false;
      a.connections.close();
      await until(() => told.some(({ type }) => type === 'closed'), 'the worker is told');
      const last = told.at(-1);
      expectEqual(last?.type === 'closed' && last.close.code, 5);
    });
  });
}
