// Records channels that are to be recorded, and keeps what was recorded: for how long, how much, and who asks for it.

import { join } from 'node:path';
import type { HeldChunk } from '../../core/swarm/chunk-window.ts';
import type { Millis } from '../../core/time.ts';
import type { Channel, ChannelWatcher } from '../channels/channel.ts';
import type { Track } from '../channels/track.ts';
import type { LiveConfig } from '../config/live-config.ts';
import type { Log } from '../log.ts';
import { Catalogue } from './catalogue.ts';
import { ChannelRecorder, type RecorderState } from './channel-recorder.ts';
import { type Disk, diskAt } from './disk.ts';
import { DiskRoom } from './disk-room.ts';
import { finishedRecording } from './finished-recording.ts';
import type { Recording } from './recording.ts';
import { RecordingWriter } from './recording-writer.ts';
import { surplusOf } from './retention.ts';
import { SyncRounds } from './sync-rounds.ts';

/** So much of one channel, and of all together, may wait to be written (bytes). */
const MAX_WAITING = 8_000_000;
const MAX_WAITING_OF_ALL = 64_000_000;
const RETENTION_MS: Millis = 60_000;
/** What waits to be written has this long when the relay leaves. */
const CLOSE_MS: Millis = 2_000;

export interface RecordingsOptions {
  readonly live: LiveConfig;
  /** Where recordings are kept if the configuration doesn't say: in `recordings` there. */
  readonly stateDir: string;
  readonly log: Log;
  /** The wall clock, Unix milliseconds. */
  readonly clock: () => Millis;
  /** Instead of the real one. */
  readonly diskAt?: (root: string) => Disk;
}

/** What came of a wish to delete a recording: one that runs is not deleted. */
export type Removal = 'removed' | 'running' | 'unknown';

export class Recordings implements ChannelWatcher {
  readonly #options: RecordingsOptions;
  readonly #disk: Disk;
  readonly #room: DiskRoom;
  readonly #catalogue: Catalogue;
  readonly #recorders = new Map<string, ChannelRecorder>();
  /** Those that get their last bytes. */
  readonly #finishing = new Map<RecordingWriter, Promise<void>>();
  readonly #rounds = new SyncRounds();
  #keptAt: Millis;
  #isKeeping = false;
  readonly #unfollow: () => void;

  private constructor(options: RecordingsOptions, disk: Disk, catalogue: Catalogue) {
    this.#options = options;
    this.#disk = disk;
    this.#catalogue = catalogue;
    const { live, log, clock } = options;
    this.#room = new DiskRoom(disk, () => live.current.recordings.keepFreeMegabytes * 1_000_000, log);
    this.#keptAt = clock();
    this.#unfollow = live.onChange(() => this.#followConfig());
    void catalogue.opened.then(() => this.#keep());
  }

  /** Resolves when it is known which recordings there are; they are opened one after the other from then on. */
  static async open(options: RecordingsOptions): Promise<Recordings> {
    const { live, stateDir, log } = options;
    const root = live.current.recordings.directory ?? join(stateDir, 'recordings');
    const recordings = new Recordings(options, (options.diskAt ?? diskAt)(root), await Catalogue.open(root, log));
    await recordings.#room.look();
    return recordings;
  }

  /** Resolves when all that an earlier run has left is opened. */
  get opened(): Promise<void> {
    return this.#catalogue.opened;
  }

  /** Of all files (bytes). */
  get bytes(): number {
    return this.list().reduce((sum, { dataSize, indexSize }) => sum + dataSize + indexSize, 0);
  }

  /** Room on the disk (bytes); undefined while unknown. */
  get freeBytes(): number | undefined {
    return this.#room.freeBytes;
  }

  /** Why nothing is recorded, or not all that should be. */
  get stopped(): string | null {
    const reasons = [...this.#recorders.values()].map(({ state }) => state.stopped);
    return this.#room.obstacle ?? reasons.find(reason => reason !== null) ?? null;
  }

  /** Those that can be played, of a channel or of all, the newest first. */
  list(channel?: string): Recording[] {
    const all: Recording[] = [...this.#catalogue, ...this.#written()];
    return all
      .filter(recording => channel === undefined || recording.channel === channel)
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  find(id: string): Recording | undefined {
    return this.#catalogue.get(id) ?? this.#written().find(recording => recording.id === id);
  }

  /** Deletes a recording. Rejects with the system's error. */
  async remove(id: string): Promise<Removal> {
    if (!this.#catalogue.get(id)) return this.find(id) ? 'running' : 'unknown';
    await this.#catalogue.remove(id);
    this.#options.log.info({ recording: id }, 'recording deleted');
    return 'removed';
  }

  /** What is recorded of a channel at this moment. */
  stateOf(channel: string): RecorderState {
    return this.#recorders.get(channel)?.state ?? { id: null, stopped: null };
  }

  chunkTaken(channel: Channel, track: Track, chunk: HeldChunk): void {
    if (!this.#options.live.channel(channel.name).record || track !== channel.mainTrack) return;
    let recorder = this.#recorders.get(channel.name);
    if (!recorder) {
      recorder = this.#recorderOf(channel.name);
      this.#recorders.set(channel.name, recorder);
    }
    recorder.take(chunk, track, channel.publicKey);
  }

  stateChanged(channel: Channel): void {
    if (channel.state === 'ended') this.#recorders.get(channel.name)?.end();
  }

  cleared(channel: Channel): void {
    this.#recorders.get(channel.name)?.end();
  }

  /** Called about once a second. */
  tick(): void {
    const now = this.#options.clock();
    this.#room.tick(now);
    for (const [name, recorder] of this.#recorders) {
      recorder.tick();
      if (recorder.isIdle) this.#recorders.delete(name);
    }
    this.#rounds.tick(now, this.#running());
    if (now - this.#keptAt >= RETENTION_MS) this.#keep();
  }

  /** Ends all recordings. Resolves when they are on the disk, or after 2 s. */
  async close(): Promise<void> {
    this.#unfollow();
    this.#catalogue.close();
    for (const recorder of this.#recorders.values()) recorder.end();
    this.#recorders.clear();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([Promise.all(this.#finishing.values()), late]);
    clearTimeout(timer);
    for (const { id } of this.#finishing.keys()) {
      this.#options.log.error({ recording: id }, 'a recording could not be finished in time: the next start does it');
    }
  }

  /** Those that are being written, and can be played. */
  #written(): RecordingWriter[] {
    return [...this.#running(), ...this.#finishing.keys()].filter(({ isThere }) => isThere);
  }

  #running(): RecordingWriter[] {
    return [...this.#recorders.values()].flatMap(({ writer }) => writer ?? []);
  }

  #recorderOf(channel: string): ChannelRecorder {
    const { clock, log } = this.#options;
    return new ChannelRecorder({
      channel,
      clock,
      log,
      begin: options =>
        new RecordingWriter({ ...options, create: () => this.#disk.create(channel, options.head.startedAt) }),
      finish: (writer, endedAt) => void this.#finish(writer, endedAt),
      obstacle: () => this.#room.obstacle,
      fault: error => this.#room.faultOf(error),
      maxWaiting: () => Math.min(MAX_WAITING, MAX_WAITING_OF_ALL / this.#recorders.size),
    });
  }

  async #finish(writer: RecordingWriter, endedAt: Millis): Promise<void> {
    const { log } = this.#options;
    const finished = writer
      .finish(endedAt)
      .catch((error: unknown) => {
        log.error({ recording: writer.id, error: String(error) }, 'a recording has no end: the next start puts one');
      })
      .then(() => {
        this.#finishing.delete(writer);
        if (!writer.isThere) return;
        const { id, channel, directory, publicKey, track, container, startedAt, from, to, dataSize, end } = writer;
        const facts = { id, channel, directory, publicKey, track, container, startedAt, from, to, dataSize, end };
        this.#catalogue.add(finishedRecording({ ...facts, endedAt, groupCount: writer.groupCount }, log));
        log.info({ recording: id, bytes: dataSize }, 'recorded');
        this.#keep();
      });
    this.#finishing.set(writer, finished);
    await finished;
  }

  #followConfig(): void {
    for (const [name, recorder] of this.#recorders) {
      if (this.#options.live.channel(name).record) continue;
      recorder.end();
      this.#recorders.delete(name);
    }
    this.#keep();
  }

  /** Deletes what is too old or too much. */
  #keep(): void {
    if (this.#isKeeping) return;
    const { live, clock, log } = this.#options;
    this.#keptAt = clock();
    const { maxAgeHours = Number.POSITIVE_INFINITY, maxGigabytes = Number.POSITIVE_INFINITY } = live.current.recordings;
    const aged = this.list().map(({ id, endedAt, dataSize, indexSize }) => ({
      id,
      endedAt,
      bytes: dataSize + indexSize,
    }));
    const limits = { maxAgeMs: maxAgeHours * 3_600_000, maxBytes: maxGigabytes * 1e9 };
    this.#isKeeping = true;
    void this.#removeAll(surplusOf(aged, limits, clock()))
      .catch((error: unknown) =>
        log.error({ error: String(error) }, 'a recording that is too old could not be deleted'),
      )
      .finally(() => {
        this.#isKeeping = false;
      });
  }

  async #removeAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.remove(id);
  }
}
