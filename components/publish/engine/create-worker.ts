// Makes a publication's worker. Alone in its file, so that a build can put another in its place.

/** A worker that runs `worker.ts`. Throws where the page may not load it. */
export function createWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'p2p-publish' });
}
