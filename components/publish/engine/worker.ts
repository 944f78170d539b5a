// The worker's entry: a publication behind messages.

import { PublishEngine } from './publish-engine.ts';
import type { PublishCommand, PublishEvent } from './publish-messages.ts';

/** The part of DedicatedWorkerGlobalScope used here; the DOM library knows only windows. */
interface WorkerScope {
  postMessage(event: PublishEvent): void;
  addEventListener(type: 'message', listener: (message: MessageEvent<PublishCommand>) => void): void;
}

export { PublishEngine };

if (typeof document === 'undefined') serve(globalThis as unknown as WorkerScope); // without a document it is a dedicated worker

function serve(scope: WorkerScope): void {
  const engine = new PublishEngine(event => scope.postMessage(event));
  scope.addEventListener('message', ({ data }) => engine.handle(data));
  scope.postMessage({ type: 'ready' });
}
