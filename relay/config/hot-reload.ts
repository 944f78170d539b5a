// Reads the configuration again, when its file changes or the operator says so.

import { resolve } from 'node:path';
import type { Log } from '../log.ts';
import { ConfigError, type RelayConfig } from './config.ts';
import { followFile } from './follow-file.ts';
import { type ConfigSources, loadConfig } from './load-config.ts';

export interface HotReloadOptions {
  readonly sources: ConfigSources;
  /** Puts a configuration in force; returns the changed settings that wait for a restart. */
  readonly adopt: (config: RelayConfig) => readonly string[];
  readonly log: Log;
}

/** Reads it again whenever it is called, one after the other; a wrong one is told in the log and changes nothing. */
export type Reload = (why: string) => Promise<void>;

/** Follows the file of the configuration, if there is one. */
export async function hotReload({ sources, adopt, log }: HotReloadOptions): Promise<Reload> {
  let turn: Promise<void> = Promise.resolve();
  const once = async (why: string) => {
    try {
      const waiting = adopt(await loadConfig(sources));
      log.info({ waiting }, waiting.length > 0 ? `${why}; a restart is needed for ${waiting.join(', ')}` : why);
    } catch (error) {
      const mistakes = error instanceof ConfigError ? error.mistakes : [String(error)];
      log.error({ mistakes }, 'the configuration is wrong: the one in force stays');
    }
  };
  const reload: Reload = why => {
    turn = turn.then(() => once(why));
    return turn;
  };
  if (sources.file !== undefined) {
    const file = resolve(sources.file);
    await followFile(file, {
      changed: () => void reload('the configuration file has changed'),
      failed: why => log.warn({ file }, `the configuration file can't be watched: send SIGHUP after a change (${why})`),
    });
  }
  return reload;
}
