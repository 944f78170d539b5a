// PastReader: everything that was broadcast comes out once and in order, whoever holds it, loses it, or says nothing at all.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PastReader } from '../../../../components/engine/past-reader.ts';
import type { Chunk } from '../../../../core/chunk.ts';
import { initId } from '../../../../core/init-document.ts';
import { type PeerId, RELAY } from '../../../../core/peer-id.ts';
import { ChunkWindow } from '../../../../core/swarm/chunk-window.ts';
import { sequenceBits } from '../../../../core/wire/sequence-bits.ts';
import { locateIn } from '../../../../relay/channels/locate.ts';
import { initDocument, unsignedChunk } from '../../relay/fixtures.ts';

const PEER = 7;
/** Ten chunks a second, a group a second; channel time is 9,000 a chunk. */
const TICKS = 9_000;
const PER_GROUP = 10;

/** A relay, a peer and a viewer around one reader. */
class Stage {
  now = 0;
  /** Seconds: what was written lies between them. */
  written: number[] = [];
  playhead = 0;
  readonly relay = new ChunkWindow({ maxAgeMs: 1e9, maxBytes: 1e9 });
  readonly own = new ChunkWindow({ maxAgeMs: 1e9, maxBytes: 1e9 });
  relayIsUp = true;
  isMute = false;
  holders: PeerId[] = [];
  liveNext = 0;
  /** What was asked of whom. */
  readonly fetched: { of: PeerId; sequences: readonly number[] }[] = [];
  readonly chunks = new Map<number, Chunk>();
  readonly reader: PastReader;
  isLive = false;
  #answers: (() => void)[] = [];

  constructor(sequences: readonly number[], ownFrom: number) {
    const { id } = this.relay.addInit(0, initDocument(1), initId(initDocument(1)));
    this.own.addInit(0, initDocument(1), initId(initDocument(1)));
    let epoch = sequences[0]!;
    let last = epoch - 1;
    for (const sequence of sequences) {
      if (sequence > last + 1) epoch = sequence;
      last = sequence;
      const group = epoch + Math.floor((sequence - epoch) / PER_GROUP) * PER_GROUP;
      const timestamp = sequence * TICKS;
      const chunk = unsignedChunk({ sequence, group, epoch, timestamp, duration: TICKS, initId: id }, 50);
      this.chunks.set(sequence, chunk);
      this.relay.insert(chunk, 0);
      if (sequence >= ownFrom) this.own.insert(chunk, 0);
    }
    this.liveNext = last + 1;
    this.reader = this.#reader();
  }

  /** Lets time pass, in steps of 100 ms; the playhead moves with it. */
  run(ms: number): this {
    for (const end = this.now + ms; this.now < end && !this.isLive; this.now += 100) {
      this.isLive = this.reader.step(this.liveNext, this.now);
      for (const answer of this.#answers.splice(0)) answer();
      if (this.written.length > 0) this.playhead += 0.1;
    }
    return this;
  }

  #reader(): PastReader {
    const stage = this;
    return new PastReader({
      window: this.own,
      get relayIsUp() {
        return stage.relayIsUp;
      },
      ahead: () => (this.written.length === 0 ? 0 : this.written.length / PER_GROUP - this.playhead),
      holders: () => this.holders,
      locate: question => {
        if (this.isMute || !this.relayIsUp) return;
        this.#answers.push(() => this.reader.located(locateIn(this.relay, { track: 0, ...question })));
      },
      fetch: (of, sequences) => {
        this.fetched.push({ of, sequences });
        if (this.isMute || (of === RELAY && !this.relayIsUp)) return;
        this.#answers.push(() => {
          const lacking = sequences.filter(
            sequence => !(of === RELAY ? this.relay.get(sequence) : this.own.get(sequence)),
          );
          for (const sequence of sequences) {
            const chunk = this.chunks.get(sequence)!; // all that exist are there
            if (!lacking.includes(sequence)) assert.ok(this.reader.take(chunk, of, this.now), 'it was asked for');
          }
          assert.deepEqual(this.reader.lacking(of, lacking, this.now), []);
        });
      },
      write: chunk => this.written.push(chunk.header.sequence),
    });
  }
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('PastReader', () => {
  it('reads what is held here without asking anybody, some seconds ahead, until it is live', () => {
    const stage = new Stage(range(0, 299), 0);
    stage.reader.goTo(105 * TICKS);
    stage.run(100);
    assert.deepEqual(stage.written, range(100, 199), 'from the group on, ten seconds ahead');
    stage.run(15_000);
    assert.ok(stage.isLive);
    assert.deepEqual(stage.written, range(100, 299));
    assert.deepEqual(stage.fetched, []);
  });

  it('fetches from the relay what is not held here', () => {
    const stage = new Stage(range(0, 299), 250);
    stage.reader.goTo(105 * TICKS);
    stage.run(1_000);
    assert.deepEqual(stage.written.slice(0, 100), range(100, 199));
    stage.run(20_000);
    assert.ok(stage.isLive);
    assert.deepEqual(stage.written, range(100, 299));
    assert.deepEqual(
      stage.fetched.flatMap(({ sequences }) => sequences),
      range(100, 249),
      'each once',
    );
  });

  it('asks peers first, and the relay for what they lack', () => {
    const stage = new Stage(range(0, 299), 150);
    stage.holders = [PEER];
    // The peer holds what is held here; what isn't, it lacks.
    stage.own.insert(stage.chunks.get(120)!, 0);
    stage.reader.goTo(100 * TICKS);
    stage.run(20_000);
    assert.ok(stage.isLive);
    assert.deepEqual(stage.written, range(100, 299));
    assert.equal(stage.fetched[0]?.of, PEER);
    assert.ok(stage.fetched.some(({ of }) => of === RELAY));
    assert.ok(stage.fetched.every(({ of, sequences }) => of === RELAY || sequences.length <= 32));
  });

  it('steps over the numbers that an epoch leaves out, and over what nobody holds any more', () => {
    const stage = new Stage([...range(0, 49), ...range(5_000, 5_059)], 5_050);
    stage.reader.goTo(0);
    stage.run(15_000);
    assert.deepEqual(stage.written, [...range(0, 49), ...range(5_000, 5_059)]);
    assert.ok(stage.isLive);

    const gone = new Stage(range(0, 99), 90);
    gone.reader.goTo(0);
    gone.run(300);
    gone.relay.clear();
    gone.run(30_000);
    assert.ok(gone.isLive);
    assert.deepEqual(gone.written.slice(-10), range(90, 99));
  });

  it('takes a moment before the window, or behind it, for its end', () => {
    const before = new Stage(range(50, 99), 90);
    before.reader.goTo(0);
    before.run(1_000);
    assert.equal(before.written[0], 50);
    const behind = new Stage(range(50, 99), 90);
    behind.reader.goTo(1e9);
    behind.run(1_000);
    assert.equal(behind.written[0], 90);
    assert.ok(behind.isLive);
  });

  it('asks again when nobody answers, not too often, and gives up what never comes', () => {
    const stage = new Stage(range(0, 99), 90);
    stage.reader.goTo(0);
    stage.run(300);
    stage.isMute = true;
    stage.written = [];
    stage.reader.goTo(0);
    stage.run(5_000);
    stage.isMute = false;
    stage.run(5_000);
    assert.equal(stage.written[0], 0);
    const asked = stage.fetched.flatMap(({ sequences }) => sequences).filter(sequence => sequence === 89).length;
    assert.ok(asked <= 4, `asked ${asked} times`);
  });

  it('without the relay there is what is held here', () => {
    const stage = new Stage(range(0, 99), 60);
    stage.relayIsUp = false;
    stage.reader.goTo(10 * TICKS);
    stage.run(1_000);
    assert.ok(stage.isLive);
    assert.deepEqual(stage.written, range(60, 99));
  });

  it('dragged along, it asks a few times a second, and goes where it was dragged last', () => {
    const stage = new Stage(range(0, 999), 990);
    let questions = 0;
    const { located } = stage.reader;
    stage.reader.located = answer => {
      questions++;
      located.call(stage.reader, answer);
    };
    for (let i = 0; i < 50; i++) {
      stage.reader.goTo((i * 10 + 5) * TICKS);
      stage.run(100);
    }
    assert.ok(questions <= 26, `${questions} questions in 5 s`);
    stage.written = [];
    stage.run(1_000);
    assert.deepEqual(stage.written.slice(0, 20), range(490, 509));
  });

  it('what was asked for is known when it comes late, and nothing else is taken for it', () => {
    const stage = new Stage(range(0, 99), 90);
    stage.isMute = true;
    stage.reader.goOn(0, 0);
    stage.reader.step(100, 0);
    stage.reader.located({ id: 1, next: 0, ...sequenceBits(0, range(0, 9)) });
    stage.reader.step(100, 100);
    assert.deepEqual(stage.fetched[0]?.sequences, range(0, 9));
    stage.reader.stop();
    assert.equal(stage.reader.take(stage.chunks.get(3)!, RELAY, 0), true);
    assert.equal(stage.reader.take(stage.chunks.get(3)!, RELAY, 0), false);
    assert.equal(stage.reader.take(stage.chunks.get(50)!, RELAY, 0), false);
    assert.deepEqual(stage.reader.lacking(PEER, [4], 0), [4], 'the relay was asked');
    assert.deepEqual(stage.reader.lacking(RELAY, [4, 5_000], 0), [5_000]);
  });
});
