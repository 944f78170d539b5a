// Puts another configuration in force as far as a running relay can.

import { isDeepStrictEqual } from 'node:util';
import type { RelayConfig } from './config.ts';

/** What is laid down at the start: addresses, files that are held open, what is handed to the ingest program. */
const LAID_DOWN = [
  ...['host', 'port', 'stateDir', 'ingest', 'messages', 'rooms', 'pages'],
  ...['webTransport.enabled', 'webTransport.port', 'recordings.directory', 'outputs.enabled'],
];

/** The configuration that can be in force without a restart, and the changed settings that wait for one. */
export function adoptable(before: RelayConfig, after: RelayConfig): { config: RelayConfig; waiting: string[] } {
  const config: RelayConfig = structuredClone(after);
  const waiting: string[] = [];
  const keep = (path: string) => {
    const names = path.split('.');
    const old = valueAt(before, names);
    if (isDeepStrictEqual(old, valueAt(after, names))) return;
    waiting.push(path);
    const group = valueAt(config, names.slice(0, -1));
    const name = names.at(-1);
    if (typeof group === 'object' && group !== null && name !== undefined) Reflect.set(group, name, old);
  };
  for (const path of LAID_DOWN) keep(path);
  // From plain to encrypted, and from given keys to a made one, there is no way but a restart.
  if ((before.tls === undefined) !== (after.tls === undefined)) keep('tls');
  if ((before.publishKeys === undefined) !== (after.publishKeys === undefined)) keep('publishKeys');
  return { config, waiting };
}

function valueAt(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined),
    value,
  );
}
