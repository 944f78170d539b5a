// The configuration in force, which may be replaced while the relay runs.

import { adoptable } from './adopt.ts';
import type { ChannelEntry } from './channel-entry.ts';
import { type ChannelSettings, settingsOf } from './channel-settings.ts';
import type { RelayConfig } from './config.ts';

export class LiveConfig {
  #current: RelayConfig;
  #added: readonly ChannelEntry[] = [];
  #settings = new Map<string, ChannelSettings>();
  readonly #listeners = new Set<() => void>();

  constructor(config: RelayConfig) {
    this.#current = config;
  }

  get current(): RelayConfig {
    return this.#current;
  }

  /** Entries of channels besides those of the configuration; they count first. */
  get added(): readonly ChannelEntry[] {
    return this.#added;
  }

  /** What holds for a channel at this moment: ask again rather than keep it. */
  channel(name: string): ChannelSettings {
    let settings = this.#settings.get(name);
    if (!settings) {
      if (this.#settings.size >= MAX_KEPT) this.#settings.clear();
      settings = settingsOf(this.#current, name, this.#added);
      this.#settings.set(name, settings);
    }
    return settings;
  }

  /** Puts another configuration, or other added entries, in force. */
  replace({
    config = this.#current,
    added = this.#added,
  }: {
    config?: RelayConfig;
    added?: readonly ChannelEntry[];
  }): void {
    this.#current = config;
    this.#added = added;
    this.#settings = new Map();
    for (const listener of this.#listeners) listener();
  }

  /** Puts what it can of another configuration in force; returns the changed settings that wait for a restart. */
  adopt(config: RelayConfig): readonly string[] {
    const { config: adopted, waiting } = adoptable(this.#current, config);
    this.replace({ config: adopted });
    return waiting;
  }

  /** Tells of every replacement, after it; returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** Settings of so many channels are kept worked out. */
const MAX_KEPT = 10_000;
