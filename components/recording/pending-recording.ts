// A recording before what plays recordings is loaded: whoever watches live never needs it.

import type { EngineCommand, EngineOptions, PostEvent } from '../engine/engine-messages.ts';
import type { MediaSinkOwner } from '../engine/media-sink.ts';
import { drawIdentity } from '../engine/peer-identity.ts';
import type { Sink } from '../engine/remote-sink.ts';
import type { RecordingSession } from './recording-session.ts';

/** Takes commands from the beginning. */
export class PendingRecording {
  readonly #waiting: EngineCommand[] = [];
  #session: RecordingSession | undefined;
  #closed = false;

  constructor(options: EngineOptions, post: PostEvent, makeSink: (owner: MediaSinkOwner) => Sink) {
    const parts = Promise.all([import('./recording-session.ts'), drawIdentity()]);
    parts.then(
      ([{ RecordingSession }, identity]) => {
        if (this.#closed) return;
        this.#session = new RecordingSession({ ...options, identity }, post, makeSink);
        for (const command of this.#waiting) this.#session.handle(command);
      },
      error => post({ type: 'failed', fault: { code: 'internal', message: String(error) } }),
    );
  }

  handle(command: EngineCommand): void {
    if (this.#session) this.#session.handle(command);
    else this.#waiting.push(command);
  }

  close(): void {
    this.#closed = true;
    this.#session?.close();
  }
}
