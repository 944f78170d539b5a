// The worker's entry: an engine behind messages.

import type { EngineCommand, EngineEvent } from './engine-messages.ts';
import { worksInWorker } from './media-source-class.ts';
import { StreamEngine } from './stream-engine.ts';

/** The part of DedicatedWorkerGlobalScope used here; the DOM library knows only windows. */
interface WorkerScope {
  postMessage(event: EngineEvent, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (message: MessageEvent<EngineCommand>) => void): void;
}

const scope = globalThis as unknown as WorkerScope; // this file runs in a dedicated worker only

const engine = new StreamEngine(event => {
  if (event.type === 'attach' && 'handle' in event.source) {
    const handle = event.source.handle as MediaSourceHandle; // only workers have it, so the DOM library leaves it out
    scope.postMessage({ type: 'attach', source: handle }, [handle]);
  } else scope.postMessage(event, []);
});

if (worksInWorker()) {
  scope.addEventListener('message', ({ data }) => engine.handle(data));
  scope.postMessage({ type: 'ready' }, []);
} else {
  scope.postMessage(
    { type: 'warning', warning: { code: 'no-worker', message: 'no MediaSource in workers here: the page does it' } },
    [],
  );
}
