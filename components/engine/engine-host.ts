// Runs the engine in a worker where that works, else on the page; the page can't tell the difference. Where workers have no MediaSource, the page keeps the sink.

import { askForDocument } from './channel-document.ts';
import type { EngineCommand, EngineEvent, EngineOptions } from './engine-messages.ts';
import type { MediaSink } from './media-sink.ts';
import { worksInWorker } from './media-source-class.ts';
import type { SinkCall, SinkEvent } from './remote-sink.ts';
import type { StreamEngine } from './stream-engine.ts';

/** A worker that has not answered for this long does not work. */
const READY_MS = 5_000;
/** A document that has not come after this long is the engine's to ask for. */
const DOCUMENT_MS = 2_000;

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
  /** What the worker's engine can't have itself. */
  #sink: Promise<MediaSink> | undefined;
  #closed = false;

  constructor(options: EngineHostOptions) {
    this.#options = options;
    if (options.worker === 'off' || typeof Worker === 'undefined') {
      void this.#runHere();
      return;
    }
    try {
      this.#listen(options.createWorker());
      if (!worksInWorker()) this.#sink = this.#makeSink(); // soon needed
      this.#sink?.catch(() => {}); // whoever calls it tells
    } catch (error) {
      this.#fallBack(String(error)); // a content security policy, or a script from another origin
    }
  }

  /** Whether the engine runs in a worker. */
  get inWorker(): boolean {
    return this.#worker !== undefined;
  }

  /** Starts the engine on a channel, and asks for its document while the worker starts. */
  start(options: EngineOptions): void {
    this.send({ type: 'start', options });
    askForDocument(options.relay, options.name, AbortSignal.timeout(DOCUMENT_MS), options.token)
      .catch(() => undefined)
      .then(reply => this.send({ type: 'document', reply }));
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
    this.#callSink({ method: 'close', args: [] });
    // The worker gets a moment to say goodbye to the relay.
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker) setTimeout(() => worker.terminate(), 100);
  }

  #listen(worker: Worker): void {
    this.#worker = worker;
    this.#timer = setTimeout(() => this.#fallBack('the worker does not answer'), READY_MS);
    worker.addEventListener('message', ({ data: event }: MessageEvent<EngineEvent | SinkEvent>) => {
      if (this.#closed || worker !== this.#worker) return;
      if (event.type === 'sink') return this.#callSink(event.call);
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

  #callSink({ method, args }: SinkCall): void {
    // Nothing to close where there is none.
    const sink = (this.#sink ??= method === 'close' ? undefined : this.#makeSink());
    if (method === 'close') this.#sink = undefined;
    sink?.then(made => Reflect.apply(made[method], made, args)).catch(error => this.#fail(error));
  }

  async #makeSink(): Promise<MediaSink> {
    const { MediaSink } = await import('./stream-engine.ts');
    const tell = (event: EngineEvent) => {
      if (!this.#closed && this.#worker) this.#options.onEvent(event);
    };
    return new MediaSink({
      attach: source => tell({ type: 'attach', source }),
      begins: time => tell({ type: 'begins', time }),
      cleared: id => tell({ type: 'sought', id }),
      failed: fault => tell({ type: 'failed', fault }),
      warn: warning => tell({ type: 'warning', warning }),
    });
  }

  #fallBack(reason: string): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#callSink({ method: 'close', args: [] });
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
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!this.#closed) this.#options.onEvent({ type: 'failed', fault: { code: 'internal', message: String(error) } });
  }
}
