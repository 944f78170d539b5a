// Settings from the environment: one variable for each, `P2P_LIVE_` and its path in capitals; `…_FILE` names a file that holds the value.

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { relayConfigSchema } from './config.ts';
import { nearName } from './near-name.ts';
import { listSettings, type Setting } from './setting-list.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that a variable sets, or why it can't. */
export type FromVariable =
  | { readonly variable: string; readonly path: readonly string[]; readonly value: unknown }
  | { readonly variable: string; readonly fault: string };

const PREFIX = 'P2P_LIVE_';
/** One key, as it stands: it may contain commas. */
const PUBLISH_KEY = 'P2P_LIVE_PUBLISH_KEY';
/** Variables of the other programs. */
const OTHERS = new Set(['P2P_LIVE_KEY']);

/** `window.totalMegabytes` → `P2P_LIVE_WINDOW_TOTAL_MEGABYTES`. */
export function variableOf(path: readonly string[]): string {
  return PREFIX + path.map(name => name.replace(/[A-Z]/g, '_$&').toUpperCase()).join('_');
}

/** What the variables set. An empty one sets nothing, and one that is not ours is left alone unless it looks misspelt. */
export function readEnvironment(environment: Environment): FromVariable[] {
  const settings = new Map(listSettings(relayConfigSchema).map(setting => [variableOf(setting.path), setting]));
  const publishKeys = settings.get(variableOf(['publishKeys']));
  if (publishKeys) settings.set(PUBLISH_KEY, publishKeys);
  const names = Object.keys(environment).filter(
    name => name.startsWith(PREFIX) && environment[name] && !OTHERS.has(name),
  );
  return names.flatMap(variable => {
    const text = environment[variable] ?? '';
    const setting = settings.get(variable);
    if (setting) return [{ variable, path: setting.path, value: asSetting(text, setting, variable) }];
    const target = variable.replace(/_FILE$/, '');
    const ofFile = target === variable ? undefined : settings.get(target);
    if (ofFile) return [fromFile(variable, target, ofFile, environment)];
    const near = nearName(
      variable.slice(PREFIX.length),
      [...settings.keys()].map(name => name.slice(PREFIX.length)),
    );
    return near === undefined ? [] : [{ variable, fault: `no such setting: did you mean ${PREFIX}${near}?` }];
  });
}

function fromFile(variable: string, target: string, setting: Setting, environment: Environment): FromVariable {
  if (environment[target]) return { variable, fault: `${target} sets the same: one of them is enough` };
  const file = environment[variable] ?? '';
  try {
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return { variable, path: setting.path, value: asSetting(text, setting, target) };
  } catch (error) {
    return { variable, fault: `${file} can't be read: ${error instanceof Error ? error.message : error}` };
  }
}

// What doesn't look as it should is left as text, which the schema then refuses by name.
function asSetting(text: string, { kind }: Setting, variable: string): unknown {
  if (variable === PUBLISH_KEY) return text.split(/\r?\n/).filter(line => line !== '');
  if (kind === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (kind === 'boolean') return /^(true|yes|on|1)$/i.test(text) || (/^(false|no|off|0)$/i.test(text) ? false : text);
  if (kind === 'texts')
    return text
      .split(/[,\n]/)
      .map(one => one.trim())
      .filter(one => one !== '');
  if (kind === 'text') return text;
  try {
    return parse(text);
  } catch {
    return text;
  }
}
