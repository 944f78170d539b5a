// Runs the engine in a worker where that works, else on the page; the page can't tell the difference.

import type { EngineCommand, EngineEvent } from './engine-messages.ts';
import { worksInWorker } from './media-source-class.ts';
import type { StreamEngine } from './stream-engine.ts';

/** A worker that has not answered for this long does not work. */
const READY_MS = 5_000;

/** Where the engine may run, and who hears it. */
export interface EngineHostOptions {
  readonly worker: 'auto' | 'off';
  readonly createWorker: () => Worker;
  readonly onEvent: (event: EngineEvent) => void;
}

/** One engine. */
export class EngineHost {
  readonly #options: EngineHostOptions;
  #worker: Worker | undefined;
  #ready = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** For the engine on the page: what was said before it was loaded, or to a worker that turned out not to work. */
  #waiting: EngineCommand[] = [];
  #engine: StreamEngine | undefined;
  #closed = false;

  constructor(options: EngineHostOptions) {
    this.#options = options;
    if (options.worker === 'off' || typeof Worker === 'undefined' || !worksInWorker()) {
      void this.#runHere();
      return;
    }
    try {
      this.#listen(options.createWorker());
    } catch (error) {
      this.#fallBack(String(error)); // a content security policy, or a script from another origin
    }
  }

  /** Whether the engine runs in a worker. */
  get inWorker(): boolean {
    return this.#worker !== undefined;
  }

  /** Throws where something of `transfer` can't be transferred. */
  send(command: EngineCommand, transfer: Transferable[] = []): void {
    if (this.#closed) return;
    if (this.#worker) {
      if (!this.#ready) this.#waiting.push(command);
      this.#worker.postMessage(command, transfer);
    } else if (this.#engine) this.#engine.handle(command);
    else this.#waiting.push(command);
  }

  /** Stops the engine and gives back the worker. */
  close(): void {
    this.send({ type: 'stop' });
    this.#closed = true;
    clearTimeout(this.#timer);
    // The worker gets a moment to say goodbye to the relay.
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker) setTimeout(() => worker.terminate(), 100);
  }

  #listen(worker: Worker): void {
    this.#worker = worker;
    this.#timer = setTimeout(() => this.#fallBack('the worker does not answer'), READY_MS);
    worker.addEventListener('message', ({ data: event }: MessageEvent<EngineEvent>) => {
      if (this.#closed || worker !== this.#worker) return;
      if (event.type === 'warning' && event.warning.code === 'no-worker') return this.#fallBack(event.warning.message);
      if (event.type === 'ready') {
        this.#ready = true;
        this.#waiting = [];
        clearTimeout(this.#timer);
      }
      this.#options.onEvent(event);
    });
    worker.addEventListener('error', event => {
      const message = event.message || 'the worker could not be loaded';
      if (this.#ready) this.#options.onEvent({ type: 'warning', warning: { code: 'internal', message } });
      else if (worker === this.#worker) this.#fallBack(message);
    });
    worker.addEventListener('messageerror', () => {
      const message = 'a message from the worker could not be read';
      this.#options.onEvent({ type: 'warning', warning: { code: 'internal', message } });
    });
  }

  #fallBack(reason: string): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    if (this.#closed) return;
    this.#options.onEvent({ type: 'warning', warning: { code: 'no-worker', message: reason } });
    void this.#runHere();
  }

  async #runHere(): Promise<void> {
    try {
      const { StreamEngine } = await import('./stream-engine.ts');
      if (this.#closed) return;
      this.#engine = new StreamEngine(event => {
        if (!this.#closed) this.#options.onEvent(event);
      });
      for (const command of this.#waiting.splice(0)) this.#engine.handle(command);
    } catch (error) {
      this.#options.onEvent({ type: 'failed', fault: { code: 'internal', message: String(error) } });
    }
  }
}
