// The built element's worker: takes the place of engine/create-worker.ts in the build.

/** A worker that runs the file beside this one. Throws where the page may not load it. */
export function createWorker(): Worker {
  const options: WorkerOptions = { type: 'module', name: 'p2p-live' };
  const file = new URL(/* @vite-ignore */ './p2p-live-engine.js', import.meta.url);
  if (file.origin === location.origin) return new Worker(file, options);
  // Of another origin, no worker can be made of it, but one of this page's own may import it.
  const source = URL.createObjectURL(new Blob([`import ${JSON.stringify(file.href)};`], { type: 'text/javascript' }));
  const worker = new Worker(source, options);
  for (const type of ['message', 'error']) {
    worker.addEventListener(type, () => URL.revokeObjectURL(source), { once: true });
  }
  return worker;
}
