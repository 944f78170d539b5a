// Reads a YAML file of settings, and knows on which line each of them is.

import { readFile } from 'node:fs/promises';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';

/** What a file says. */
export interface SettingsFile {
  readonly settings: Readonly<Record<string, unknown>>;
  /** The line (from 1) of the setting at a path, or of the nearest thing around it; undefined for the file as a whole. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/** Throws `ConfigError`. */
export async function readYaml(path: string): Promise<SettingsFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${path} can't be read: ${error instanceof Error ? error.message : error}`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const faults = document.errors.map(({ message }) => message.split('\n')[0]!.replace(/:$/, '')); // there is a first line
  if (faults.length > 0) {
    throw new ConfigError(
      `${path} is not YAML: ${faults[0]}`,
      faults.map(fault => `${path} is not YAML: ${fault}`),
    );
  }
  let value: unknown;
  try {
    value = document.toJS() ?? {};
  } catch (error) {
    throw new ConfigError(`${path} is not YAML: ${error instanceof Error ? error.message : error}`); // aliases without end
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(`${path}: settings are expected, one "name: value" a line`);
  }
  return {
    settings: { ...value },
    lineOf(place) {
      let at: number | undefined;
      let node: unknown = document.contents;
      for (const step of place) {
        if (isMap(node)) {
          const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
          if (isNode(pair?.key)) at = pair.key.range?.[0] ?? at;
          node = pair?.value;
        } else if (isSeq(node)) {
          node = node.items[Number(step)];
          if (isNode(node)) at = node.range?.[0] ?? at;
        } else break;
      }
      return at === undefined ? undefined : lines.linePos(at).line;
    },
  };
}
