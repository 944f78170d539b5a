// Where a recording comes from: finds out where everything is, tells what is genuine, and insists while the relay is away.

import type { Chunk } from '../../core/chunk.ts';
import { createDigest, createVerifier, type Digest, type Verify, verifyWith } from '../../core/signature.ts';
import { channelUrl } from '../engine/channel-document.ts';
import type { DocumentReply, EngineFault } from '../engine/engine-messages.ts';
import { askForFacts, type PlayableFacts, readFacts } from './recording-facts.ts';
import { RecordingFiles, RecordingRefused } from './recording-files.ts';
import type { RecordingMap } from './recording-map.ts';
import { Retries } from './retries.ts';

/** What the source tells, and needs. */
export interface RecordingSourceOwner {
  /** What lets the viewer watch, as it is now. */
  readonly token: string;
  /** The relay can't be read from; it is tried again. */
  trouble(error: unknown): void;
  failed(fault: EngineFault): void;
}

/** What was found: the facts, and the very answer that they stood in. */
export interface FoundRecording {
  readonly facts: PlayableFacts;
  readonly reply: DocumentReply;
}

/** Of one recording. */
export class RecordingSource {
  readonly retries = new Retries();
  readonly digest: Digest = createDigest(globalThis.crypto?.subtle);
  readonly #url: string;
  readonly #owner: RecordingSourceOwner;
  readonly #ended = new AbortController();
  readonly #asked: Promise<DocumentReply | undefined>;
  /** Tells what the page was answered when it asked for the document. */
  answered: (reply: DocumentReply | undefined) => void = () => {};
  #facts: PlayableFacts | undefined;
  #files: RecordingFiles | undefined;
  #verify: Promise<Verify> | undefined;

  /** `name` is `recordings/<id>`. */
  constructor(relay: string, name: string, owner: RecordingSourceOwner) {
    this.#url = channelUrl(relay, name);
    this.#owner = owner;
    this.#asked = new Promise(resolve => {
      this.answered = resolve;
    });
  }

  /** Throws before `find` has found it. */
  get files(): RecordingFiles {
    if (!this.#files) throw new Error('the recording was not found yet');
    return this.#files;
  }

  /** Undefined when there is no point in trying on; the owner knows why. */
  find(): Promise<FoundRecording | undefined> {
    return this.#insist(async () => {
      const { signal } = this.#ended;
      const asked = this.retries.isFailing ? undefined : await this.#asked;
      const reply = asked ?? (await askForFacts(this.#url, this.#owner.token, signal));
      const answer = readFacts(reply, this.#url);
      if (answer.type === 'refused') {
        this.#owner.failed(answer.fault);
        return undefined;
      }
      const { facts } = answer;
      this.#facts = facts;
      this.#files = new RecordingFiles(facts, () => this.#owner.token);
      this.#verify = createVerifier(facts.publicKey, globalThis.crypto?.subtle);
      return { facts, reply };
    });
  }

  /** Reads on in the index; false when there is no point in trying on. */
  async look(map: RecordingMap): Promise<boolean> {
    const done = await this.#insist(async () => {
      const answer = await this.files.index(map.unknown, this.#ended.signal);
      try {
        map.take(answer);
      } catch (error) {
        throw new RecordingRefused(200, `the recording's index can't be read: ${error}`);
      }
      return true;
    });
    return done === true;
  }

  /** Whether the publisher signed it. */
  async isGenuine(chunk: Chunk): Promise<boolean> {
    const verify = await this.#verify;
    // A key or signature that WebCrypto can't even read is no good one.
    const { channel } = this.#facts ?? {};
    if (!verify || channel === undefined) return false;
    return verifyWith(this.digest, channel, chunk, verify).catch(() => false);
  }

  /** Whether an error is the relay's final no; then the owner is told. */
  isFinal(error: unknown): boolean {
    if (!(error instanceof RecordingRefused)) return false;
    const { status, message } = error;
    const code = status === 200 ? 'playback-failed' : status === 401 || status === 403 ? 'not-allowed' : 'no-recording';
    this.#owner.failed({ code, message });
    return true;
  }

  close(): void {
    this.#ended.abort();
    this.answered(undefined);
    this.retries.wake();
  }

  async #insist<Result>(task: () => Promise<Result>): Promise<Result | undefined> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      try {
        const result = await task();
        this.retries.succeeded();
        return signal.aborted ? undefined : result;
      } catch (error) {
        if (signal.aborted || this.isFinal(error)) return undefined;
        this.#owner.trouble(error);
        await this.retries.failed();
      }
    }
    return undefined;
  }
}
