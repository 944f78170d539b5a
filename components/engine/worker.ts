// The worker's entry: an engine behind messages. Built, it is also the file from which a page without workers loads the engine.

import type { EngineCommand, EngineEvent } from './engine-messages.ts';
import { MediaSink } from './media-sink.ts';
import { worksInWorker } from './media-source-class.ts';
import { remoteSink, type SinkEvent } from './remote-sink.ts';
import { StreamEngine } from './stream-engine.ts';

/** The part of DedicatedWorkerGlobalScope used here; the DOM library knows only windows. */
interface WorkerScope {
  postMessage(event: EngineEvent | SinkEvent, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (message: MessageEvent<EngineCommand>) => void): void;
  addEventListener(type: 'unhandledrejection', listener: (event: PromiseRejectionEvent) => void): void;
}

export { MediaSink, StreamEngine };

if (typeof document === 'undefined') serve(globalThis as unknown as WorkerScope); // without a document it is a dedicated worker

function serve(scope: WorkerScope): void {
  const engine = new StreamEngine(
    event => {
      if (event.type === 'attach' && 'handle' in event.source) {
        const handle = event.source.handle as MediaSourceHandle; // only workers have it, so the DOM library leaves it out
        scope.postMessage({ type: 'attach', source: handle }, [handle]);
      } else scope.postMessage(event, []);
    },
    worksInWorker()
      ? undefined
      : () => remoteSink((call, transfer) => scope.postMessage({ type: 'sink', call }, transfer)),
  );
  scope.addEventListener('message', ({ data }) => engine.handle(data));
  scope.postMessage({ type: 'ready' }, []);
}
