// Reads the configuration from a YAML file, the environment and the command line, each overriding the one before.

import { ConfigError, parseConfig, type RelayConfig, relayConfigSchema } from './config.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { type Mistake, tellMistake, trySetting } from './mistakes.ts';
import { readYaml } from './read-yaml.ts';

export interface ConfigSources {
  /** Path of a YAML file. */
  readonly file?: string;
  readonly environment: Environment;
  /** Settings from flags, as in the file. Of a group of settings those that are given override those of the file. */
  readonly flags: Readonly<Record<string, unknown>>;
}

type Settings = Readonly<Record<string, unknown>>;

/** Throws `ConfigError` that names all mistakes of all sources, each laid to where it was made. */
export async function loadConfig({ file, environment, flags }: ConfigSources): Promise<RelayConfig> {
  const faults: ConfigError[] = [];
  const blame = (source: string, mistakes: readonly string[]) => {
    if (mistakes.length > 0) faults.push(ConfigError.of(source, mistakes));
  };
  let merged: Settings = {};
  if (file !== undefined) {
    const { settings, lineOf } = await readYaml(file);
    merged = settings;
    const placed = mistakesIn(settings)
      .map(mistake => ({ line: lineOf(mistake.path) ?? 0, told: tellMistake(mistake) }))
      .sort((a, b) => a.line - b.line);
    blame(
      file,
      placed.map(({ line, told }) => (line === 0 ? told : `line ${line}, ${told}`)),
    );
  }
  for (const set of readEnvironment(environment)) {
    const source = `environment variable ${set.variable}`;
    if ('fault' in set) {
      blame(source, [set.fault]);
      continue;
    }
    const settings = nested(set.path, set.value);
    // Alone it may lack what belongs to it: the certificate its key.
    const own = mistakesIn(settings).filter(({ path }) => set.path.every((name, at) => path[at] === name));
    blame(source, own.map(tellMistake));
    merged = overridden(merged, settings);
  }
  blame('command line', mistakesIn(flags).map(tellMistake));
  if (faults.length > 0) {
    throw new ConfigError(
      faults.map(({ message }) => message).join('; '),
      faults.flatMap(({ mistakes }) => mistakes),
    );
  }
  return parseConfig(overridden(merged, flags), file ?? 'configuration');
}

function mistakesIn(settings: Settings): readonly Mistake[] {
  const read = trySetting(relayConfigSchema, settings);
  return read.ok ? [] : read.mistakes;
}

function nested([first, ...rest]: readonly string[], value: unknown): Settings {
  return first === undefined ? {} : { [first]: rest.length === 0 ? value : nested(rest, value) };
}

function overridden(settings: Settings, by: Settings): Settings {
  const merged: Record<string, unknown> = { ...settings };
  for (const [name, value] of Object.entries(by)) {
    const before = merged[name];
    merged[name] = isGroup(before) && isGroup(value) ? overridden(before, value) : value;
  }
  return merged;
}

function isGroup(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number if the text is one; else the text, which the schema then refuses by name. */
export function numeric(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}
