// Reads the configuration from a YAML file, the environment and the command line, each overriding the one before.

import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { ConfigError, parseConfig, type RelayConfig } from './config.ts';

/** Environment variables that set something, and what they set. */
const ENVIRONMENT: Readonly<Record<string, (text: string) => Record<string, unknown>>> = {
  P2P_LIVE_HOST: text => ({ host: text }),
  P2P_LIVE_PORT: text => ({ port: numeric(text) }),
  P2P_LIVE_PUBLISH_KEY: text => ({ publishKeys: [text] }),
  P2P_LIVE_STATE_DIR: text => ({ stateDir: text }),
  P2P_LIVE_LOG_LEVEL: text => ({ logLevel: text }),
};

export interface ConfigSources {
  /** Path of a YAML file. */
  readonly file?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Settings from flags, as in the file. Of a group of settings those that are given override those of the file. */
  readonly flags: Readonly<Record<string, unknown>>;
}

/** Throws `ConfigError`. */
export async function loadConfig(sources: ConfigSources): Promise<RelayConfig> {
  const fromFile = sources.file === undefined ? {} : await readYaml(sources.file);
  if (sources.file !== undefined) parseConfig(fromFile, sources.file); // mistakes are named with the file
  const merged: Record<string, unknown> = { ...fromFile };
  for (const [name, read] of Object.entries(ENVIRONMENT)) {
    const text = sources.environment[name];
    if (text === undefined || text === '') continue;
    Object.assign(merged, read(text));
    parseConfig(merged, `environment variable ${name}`);
  }
  for (const [name, value] of Object.entries(sources.flags)) {
    const before = merged[name];
    merged[name] = isGroup(before) && isGroup(value) ? { ...before, ...value } : value;
  }
  return parseConfig(merged, 'command line');
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readYaml(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${path} can't be read: ${error instanceof Error ? error.message : error}`);
  }
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (error) {
    throw new ConfigError(`${path} is not YAML: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(`${path}: settings are expected, one "name: value" a line`);
  }
  return { ...value };
}

/** A number if the text is one; else the text, which the schema then refuses by name. */
export function numeric(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}
