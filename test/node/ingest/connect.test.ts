import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connectTo } from '../../../ingest/connect.ts';
import { type Relay, startRelay } from '../../../relay/relay.ts';
import { freePort } from '../../support/free-port.ts';
import { until as eventually } from '../../support/until.ts';
import { folder, ingestTo, recording, serve, until } from './fixtures.ts';

const KEY = 'a publish key of the test';
const flv = readFileSync(recording('connect.flv', 4));
const relays = new Set<Relay>();
after(() => Promise.all([...relays].map(relay => relay.close())));

async function newRelay(port = 0): Promise<Relay> {
  const relay = await startRelay({
    host: '127.0.0.1',
    port,
    publishKeys: [KEY],
    stateDir: join(folder, 'relay'),
    logLevel: 'silent',
    webTransport: { enabled: false },
  });
  relays.add(relay);
  return relay;
}
async function stop(relay: Relay): Promise<void> {
  relays.delete(relay);
  await relay.close();
}
const channelOf = async (relay: Relay, name: string) => (await fetch(`${relay.url}/channels/${name}`)).json();

/** Waits until the relay says so of the channel. */
async function untilState(relay: Relay, name: string, state: string): Promise<void> {
  let told = '';
  await eventually(
    async () => (told = (await channelOf(relay, name)).state) === state,
    () => `${name} is ${state}, not ${told}`,
  );
}

/** The recording, over and over, a second of it each second. */
async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) {
    for (let at = 0; at < flv.length; at += 2_000) {
      yield new Uint8Array(flv.subarray(at, at + 2_000));
      await new Promise(resolve => setTimeout(resolve, 40));
    }
  }
}

test('publishes to the real relay, which is killed and comes back', async () => {
  const relay = await newRelay(await freePort()); // nobody takes it meanwhile
  const { ingest, log } = ingestTo(undefined, {
    source: endless(),
    channel: 'room/alice',
    publishKey: KEY,
    connect: connectTo(relay.url, 'room/alice'),
  });
  await until('chunks', () => ingest.stats.chunksSent > 5);
  await untilState(relay, 'room/alice', 'live');
  const { port } = relay;
  await stop(relay);
  await until('the loss is noticed', () => !ingest.stats.connected);
  const again = await newRelay(port);
  await until('the next session', () => ingest.stats.sessions === 2);
  const sent = ingest.stats.chunksSent;
  await until('more chunks', () => ingest.stats.chunksSent > sent + 5);
  await untilState(again, 'room/alice', 'live');
  assert.ok(!log.has(/bad-chunk/), 'the new relay takes the chunks as they are');
  await ingest.stop();
  await untilState(again, 'room/alice', 'ended');
  await stop(again);
});

test('another key is refused while one publishes; the same key takes over', async () => {
  const relay = await newRelay();
  const common = { channel: 'lecture', publishKey: KEY, connect: connectTo(relay.url, 'lecture') };
  const first = ingestTo(undefined, { ...common, source: endless() });
  await until('chunks', () => first.ingest.stats.chunksSent > 0);
  const other = ingestTo(undefined, { ...common, source: endless(), secretKey: new Uint8Array(32).fill(9) });
  const refused = await other.ingest.done;
  assert.equal(refused.code, 'refused');
  assert.match(refused.reason, /\(taken\)/);
  assert.equal(first.ingest.stats.connected, true);
  const heir = ingestTo(undefined, { ...common, source: endless() });
  const replaced = await first.ingest.done;
  assert.match(replaced.reason, /\(replaced\)/);
  await until('the heir sends', () => heir.ingest.stats.chunksSent > 3);
  await heir.ingest.stop({ unpublish: false });
  await untilState(relay, 'lecture', 'waiting');
  await stop(relay);
});

for (const [what, answer, sentence] of [
  ['no relay', { status: 404, body: 'not found' }, /answered 404, so it is no relay/],
  ['a web page', { status: 200, body: '<html>' }, /is no channel document: is this a relay\?/],
  ['a relay that says why', { status: 400, body: '{"error":{"code":"bad-name","message":"no"}}' }, /answered 400: no/],
  ['a relay without WebSocket', { status: 200, body: '{}' }, /WebSocket at .* can't be opened/],
] as const) {
  test(`${what}: one clear sentence`, async () => {
    const { url } = await serve((_request, response) => response.writeHead(answer.status).end(answer.body));
    const connect = connectTo(url, 'a');
    await assert.rejects(Promise.resolve(connect(new AbortController().signal)), sentence);
  });
}

test("addresses that can't be relays", () => {
  assert.throws(() => connectTo('localhost:8080', 'a'), TypeError);
  assert.throws(() => connectTo('ws://localhost', 'a'), /begins with http/);
});
