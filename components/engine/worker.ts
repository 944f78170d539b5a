// The worker's entry: an engine behind messages. Built, it is also the file from which a page without workers loads the engine.

import type { EngineCommand, EngineEvent } from './engine-messages.ts';
import { worksInWorker } from './media-source-class.ts';
import { StreamEngine } from './stream-engine.ts';

/** The part of DedicatedWorkerGlobalScope used here; the DOM library knows only windows. */
interface WorkerScope {
  postMessage(event: EngineEvent, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (message: MessageEvent<EngineCommand>) => void): void;
  addEventListener(type: 'unhandledrejection', listener: (event: PromiseRejectionEvent) => void): void;
}

export { StreamEngine };

if (typeof document === 'undefined') serve(globalThis as unknown as WorkerScope); // without a document it is a dedicated worker

function serve(scope: WorkerScope): void {
  if (!worksInWorker()) {
    const message = 'no MediaSource in workers here: the page does it';
    scope.postMessage({ type: 'warning', warning: { code: 'no-worker', message } }, []);
    return;
  }
  const engine = new StreamEngine(event => {
    if (event.type === 'attach' && 'handle' in event.source) {
      const handle = event.source.handle as MediaSourceHandle; // only workers have it, so the DOM library leaves it out
      scope.postMessage({ type: 'attach', source: handle }, [handle]);
    } else scope.postMessage(event, []);
  });
  scope.addEventListener('message', ({ data }) => engine.handle(data));
  scope.postMessage({ type: 'ready' }, []);
}
