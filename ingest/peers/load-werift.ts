// Loads WebRTC for Node and Deno, which is an optional dependency, and keeps its faults from ending the program.

import process from 'node:process';

export type Werift = typeof import('werift');

let loading: Promise<Werift> | undefined;

/** Loads it once; rejects when it isn't installed or doesn't run here. */
export function loadWerift(): Promise<Werift> {
  completeReflect();
  loading ??= import('werift').then(werift => {
    guard();
    return werift;
  });
  return loading;
}

/** werift brings a package that falls back on the Reflect metadata API if there is one, and wants the whole of it: a relay in the same process has some. */
function completeReflect(): void {
  if (!('getMetadata' in Reflect) || 'getOwnMetadataKeys' in Reflect) return;
  Object.assign(Reflect, { getOwnMetadataKeys: () => [], deleteMetadata: () => false });
}

/**
 * werift throws some of what a peer sends amiss out of promises and sockets that nobody else can catch. Such an error must cost a connection at
 * most. All others end the program as they would have.
 */
function guard(): void {
  process.on('unhandledRejection', reason => {
    if (!isWerifts(reason)) throw reason;
  });
  process.on('uncaughtException', error => {
    if (isWerifts(error)) return;
    if (process.listenerCount('uncaughtException') > 1) return; // the program handles its own
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  });
}

function isWerifts(error: unknown): boolean {
  return error instanceof Error && /[\\/](werift|multicast-dns)[\\/]/.test(error.stack ?? '');
}
