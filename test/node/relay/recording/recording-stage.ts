// A channel that is recorded in this process: its clock, its disk and what that does are the test's.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { pino } from 'pino';
import type { Bytes } from '../../../../core/bytes.ts';
import { initId } from '../../../../core/init-document.ts';
import { DataScanner } from '../../../../core/recording/data-scanner.ts';
import { Channel } from '../../../../relay/channels/channel.ts';
import { parseConfig, type RelayConfigInput } from '../../../../relay/config/config.ts';
import { LiveConfig } from '../../../../relay/config/live-config.ts';
import { messageTerms } from '../../../../relay/messages/message-terms.ts';
import { type Disk, diskAt } from '../../../../relay/recording/disk.ts';
import { Recordings } from '../../../../relay/recording/recordings.ts';
import { until } from '../../../support/until.ts';
import { initDocument, temporaryDirectory, unsignedChunk } from '../fixtures.ts';

export const systemError = (code: string) => Object.assign(new Error(`${code}: no`), { code });

/** A real disk that can be made to fail, to wait, and to seem full. */
export class MoodyDisk implements Disk {
  /** Asked before each write; may reject, or take its time. */
  before: (bytes: Bytes) => Promise<void> = async () => {};
  beforeCreate: () => Promise<void> = async () => {};
  /** Asked before the disk is asked to have all. */
  beforeSync: () => Promise<void> = async () => {};
  /** How often it was asked, and the size of the newest data that it has for sure. */
  syncs = 0;
  safe = 0;
  free = 1e12;
  readonly #disk: Disk;

  constructor(root: string) {
    this.#disk = diskAt(root);
  }

  async create(channel: string, at: number) {
    await this.beforeCreate();
    const files = await this.#disk.create(channel, at);
    let size = 0;
    const sync = async () => {
      const written = size;
      this.syncs++;
      await this.beforeSync();
      await files.sync();
      this.safe = written;
    };
    const write: typeof files.write = async (file, bytes, position) => {
      try {
        await this.before(bytes);
      } catch (error) {
        await files.write(file, bytes.subarray(0, bytes.length >> 1), position); // a part of it got there
        throw error;
      }
      await files.write(file, bytes, position);
      if (file === 'data') size = position + bytes.length;
    };
    return { ...files, write, sync };
  }

  async freeBytes() {
    return this.free;
  }
}

export class RecordingStage {
  readonly directory = temporaryDirectory();
  readonly disk = new MoodyDisk(this.directory);
  readonly live: LiveConfig;
  readonly lines: Record<string, unknown>[] = [];
  recordings!: Recordings; // by open()
  channel!: Channel;
  now = Date.UTC(2026, 10, 21, 19, 15);
  #next = 1_000;
  #timestamp = 900_000_000;

  private constructor(config: RelayConfigInput['recordings']) {
    const recordings = { directory: this.directory, all: true, ...config };
    this.live = new LiveConfig(parseConfig({ recordings, window: { megabytes: 1 } }));
  }

  static async open(config: RelayConfigInput['recordings'] = {}): Promise<RecordingStage> {
    const stage = new RecordingStage(config);
    const clock = () => stage.now;
    const log = pino({ base: null }, { write: (line: string) => void stage.lines.push(JSON.parse(line)) });
    const options = { live: stage.live, stateDir: stage.directory, log, clock, diskAt: () => stage.disk };
    stage.recordings = await Recordings.open(options);
    stage.channel = new Channel('studio', {
      window: { maxAgeMs: 1_000, maxBytes: 1_000_000 },
      swarm: stage.live.current.swarm,
      messages: messageTerms(stage.live.current.messages, { steady: clock, after: () => {} }),
      watchers: [stage.recordings],
      ...{ log, clock, steady: clock, after: () => {} },
    });
    stage.publish(1);
    after(() => stage.recordings.close());
    return stage;
  }

  /** Somebody begins to publish: with this key. */
  publish(key: number): void {
    this.channel.open({ publicKey: new Uint8Array(32).fill(key), replace() {} });
    this.channel.addInit(0, initDocument(1));
  }

  /** A group of chunks of a second; `back` ticks earlier than it should be. */
  group(count = 4, size = 1_000, back = 0): void {
    this.#timestamp -= back;
    const group = this.#next;
    for (let i = 0; i < count; i++) {
      const sequence = this.#next++;
      const header = { sequence, group, timestamp: this.#timestamp, duration: 90_000, initId: initId(initDocument(1)) };
      const fault = this.channel.addChunk(unsignedChunk(header, size));
      if (fault) throw new Error(fault); // the broadcast must go on whatever the disk does
      this.#timestamp += 90_000;
    }
  }

  /** Time passes, second by second. */
  async pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      this.now += 1_000;
      this.recordings.tick();
      await new Promise(resolve => setImmediate(resolve)); // what was begun goes on
    }
  }

  get state() {
    return this.recordings.stateOf('studio');
  }

  /** Waits until a number of chunks is on the disk in the newest recording. */
  async holds(chunks: number): Promise<DataScanner> {
    let scanner = new DataScanner();
    await until(
      () => {
        const [newest] = this.recordings.list();
        if (!newest) return chunks === 0;
        scanner = new DataScanner();
        scanner.push(new Uint8Array(readFileSync(join(newest.directory, 'data')).subarray(0, newest.end)));
        return scanner.chunks >= chunks;
      },
      () => `${chunks} chunks are on the disk: ${scanner.chunks} are, ${JSON.stringify(this.state)}`,
      5_000,
    );
    return scanner;
  }

  says(message: RegExp): Record<string, unknown> | undefined {
    return this.lines.find(({ msg }) => message.test(String(msg)));
  }
}
