// Reads the frames of one track, wherever they come from, until another takes its place.

import type { RawSound, TrackSource } from './publish-messages.ts';

/** In workers of WebKit, and on pages of Chromium; the DOM library doesn't know it. */
declare const MediaStreamTrackProcessor:
  | (new (init: {
      track: MediaStreamTrack;
    }) => { readonly readable: ReadableStream<VideoFrame | AudioData> })
  | undefined;

export interface TrackReaderOwner {
  /** Takes a frame, and closes it. */
  frame(frame: VideoFrame): void;
  sound(sound: RawSound): void;
}

/** Reads one kind of track. */
export class TrackReader {
  readonly #owner: TrackReaderOwner;
  #reader: ReadableStreamDefaultReader<VideoFrame | AudioData> | undefined;
  #track: MediaStreamTrack | undefined;

  constructor(owner: TrackReaderOwner) {
    this.#owner = owner;
  }

  /** Leaves the source before, and reads this one. */
  read(source: TrackSource): void {
    this.close();
    if (source.type === 'readable') void this.#read(source.readable);
    if (source.type === 'track' && typeof MediaStreamTrackProcessor !== 'undefined') {
      this.#track = source.track;
      void this.#read(new MediaStreamTrackProcessor({ track: source.track }).readable);
    }
  }

  close(): void {
    this.#reader?.cancel().catch(() => {}); // it may have ended
    this.#reader = undefined;
    this.#track?.stop();
    this.#track = undefined;
  }

  async #read(readable: ReadableStream<VideoFrame | AudioData>): Promise<void> {
    const reader = readable.getReader();
    this.#reader = reader;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        if (reader !== this.#reader) return value.close();
        if ('codedWidth' in value) this.#owner.frame(value);
        else this.#owner.sound(rawSound(value));
      }
    } catch {
      // the track has ended: what it was is filled up until another comes
    }
  }
}

/** Copies the samples out and closes the block. */
function rawSound(block: AudioData): RawSound {
  const { numberOfChannels, numberOfFrames, sampleRate, timestamp } = block;
  const planes = Array.from({ length: numberOfChannels }, (_, planeIndex) => {
    const plane = new Float32Array(numberOfFrames);
    block.copyTo(plane, { planeIndex, format: 'f32-planar' });
    return plane;
  });
  block.close();
  return { planes, sampleRate, time: timestamp };
}
