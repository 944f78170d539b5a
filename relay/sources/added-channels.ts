// Channels that operators added, and whose sources they stopped, while the relay ran: kept in a file of the state directory.

import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type ChannelEntry, type ChannelEntryInput, channelEntries } from '../config/channel-entry.ts';
import { ConfigError } from '../config/config-error.ts';
import type { LiveConfig } from '../config/live-config.ts';
import { readSetting, tellMistake, trySetting } from '../config/mistakes.ts';

const keptChannels = z.strictObject({
  /** Entries besides those of the configuration, which they override. */
  entries: channelEntries.default([]),
  /** Channels whose sources the operator has stopped. */
  stopped: z.array(z.string()).default([]),
});

type Kept = z.output<typeof keptChannels>;

export class AddedChannels {
  readonly #file: string;
  readonly #live: LiveConfig;
  #stopped: readonly string[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  /** Puts in force what was kept. Rejects with `ConfigError` when it is damaged. */
  static async open(stateDir: string, live: LiveConfig): Promise<AddedChannels> {
    const { entries, stopped } = await readAddedChannels(stateDir);
    live.replace({ added: entries });
    return new AddedChannels(fileIn(stateDir), live, stopped);
  }

  private constructor(file: string, live: LiveConfig, stopped: readonly string[]) {
    this.#file = file;
    this.#live = live;
    this.#stopped = stopped;
  }

  /** Whether the operator has stopped a channel's source. */
  isStopped(name: string): boolean {
    return this.#stopped.includes(name);
  }

  /** Adds an entry of `channels`, which then counts before those of the configuration; an added one of the same name goes. Rejects with `ConfigError`. */
  async add(input: ChannelEntryInput): Promise<ChannelEntry> {
    const read = trySetting(channelEntries, [input]);
    if (!read.ok) {
      const told = read.mistakes.map(({ path, sentence }) => tellMistake({ path: path.slice(1), sentence }));
      throw ConfigError.of('the channel', told);
    }
    const entry = read.value[0]!; // one comes to one
    await this.#change(() => [...this.#live.added.filter(({ name }) => name !== entry.name), entry]);
    return entry;
  }

  /** Removes an entry that was added. Rejects with `ConfigError` where there is none. */
  async remove(name: string): Promise<void> {
    if (!this.#live.added.some(entry => entry.name === name)) {
      const isConfigured = this.#live.current.channels.some(entry => entry.name === name);
      throw new ConfigError(
        isConfigured ? `${name} stands in the configuration: remove it there` : `there is no channel ${name} to remove`,
      );
    }
    this.#stopped = this.#stopped.filter(one => one !== name);
    await this.#change(() => this.#live.added.filter(entry => entry.name !== name));
  }

  /** Keeps whether a channel's source is stopped. */
  async keepStopped(name: string, isStopped: boolean): Promise<void> {
    if (this.isStopped(name) === isStopped) return;
    this.#stopped = isStopped ? [...this.#stopped, name] : this.#stopped.filter(one => one !== name);
    await this.#change(() => this.#live.added);
  }

  /** One after the other; entries that could not be kept don't count either. */
  #change(entriesThen: () => readonly ChannelEntry[]): Promise<void> {
    const done = this.#turn.then(async () => {
      const entries = entriesThen();
      await this.#write({ entries: [...entries], stopped: [...this.#stopped] });
      if (entries !== this.#live.added) this.#live.replace({ added: entries });
    });
    this.#turn = done.catch(() => {}); // told to whoever asked for it
    return done;
  }

  /** Writes aside and renames: a crash leaves what was kept before. URLs may hold passwords, so only the owner reads it. */
  async #write(kept: Kept): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    const draft = `${this.#file}.${randomBytes(6).toString('hex')}`;
    try {
      await writeFile(draft, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
      await rename(draft, this.#file);
    } finally {
      await rm(draft, { force: true });
    }
  }
}

/** What is kept; nothing when there is no file. Rejects with `ConfigError` when the file is damaged. */
export async function readAddedChannels(stateDir: string): Promise<Kept> {
  const file = fileIn(stateDir);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { entries: [], stopped: [] };
    throw new ConfigError(`${file} can't be read: ${error instanceof Error ? error.message : error}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(`${file} is damaged: mend it, or remove it to lose the channels that were added`);
  }
  return readSetting(keptChannels, value, file);
}

function fileIn(stateDir: string): string {
  return join(stateDir, 'channels.json');
}
