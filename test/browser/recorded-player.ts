// A player that fills the video through a MediaSource, as the engine does, with what a recorder makes of a canvas.

import { FakePlayer } from './fake-player.ts';

const MIME = 'video/webm; codecs=vp8';
/** Seconds that the live edge stays behind the newest picture. */
const MARGIN = 0.3;

/** Live: its duration is infinite, and everything since its start can be sought to. */
export class RecordedPlayer extends FakePlayer {
  #recorder: MediaRecorder | undefined;
  #source: MediaSource | undefined;
  #buffer: SourceBuffer | undefined;
  #queue: Promise<void> = Promise.resolve();
  #moving = 0;

  override show(): void {
    const source = new MediaSource();
    this.#source = source;
    this.video.src = URL.createObjectURL(source);
    source.addEventListener('sourceopen', () => this.#record(source), { once: true });
  }

  override stop(): void {
    super.stop();
    clearInterval(this.#moving);
    if (this.#recorder?.state === 'recording') this.#recorder.stop();
    this.#source = undefined;
    this.video.removeAttribute('src');
    this.video.load();
  }

  /** The broadcast is over. */
  async end(): Promise<void> {
    const source = this.#source;
    if (this.#recorder?.state === 'recording') this.#recorder.stop();
    await this.#queue;
    source?.endOfStream();
  }

  override seek(time: number): void {
    super.seek(time);
    this.video.currentTime = time;
  }

  override seekToLive(): void {
    super.seekToLive();
    if (this.liveEdge !== null) this.video.currentTime = this.liveEdge;
  }

  #record(source: MediaSource): void {
    source.duration = Number.POSITIVE_INFINITY;
    this.#buffer = source.addSourceBuffer(MIME);
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d');
    this.#moving = window.setInterval(() => pen?.fillRect(Math.random() * 300, Math.random() * 150, 9, 9), 40);
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: MIME });
    this.#recorder = recorder;
    recorder.addEventListener('dataavailable', ({ data }) => {
      this.#queue = this.#queue.then(async () => this.#append(source, await data.arrayBuffer()));
    });
    recorder.start(100);
  }

  async #append(source: MediaSource, bytes: ArrayBuffer): Promise<void> {
    const buffer = this.#buffer;
    if (!buffer || source !== this.#source || source.readyState !== 'open' || bytes.byteLength === 0) return;
    const done = new Promise(resolve => buffer.addEventListener('updateend', resolve, { once: true }));
    buffer.appendBuffer(bytes);
    await done;
    if (source !== this.#source || buffer.buffered.length === 0) return;
    const end = buffer.buffered.end(0);
    this.seekable = { start: buffer.buffered.start(0), end };
    this.liveEdge = end - MARGIN;
    if (this.state === 'connecting') this.become('playing');
  }
}
