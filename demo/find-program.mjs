// Finds programs on PATH.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program on PATH, if it is there. */
export function onPath(name) {
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap(folder => names.map(one => join(folder, one)))
    .find(existsSync);
}
