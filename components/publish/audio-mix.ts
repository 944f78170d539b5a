// Several sounds -> one track.

/** Mixes tracks as they are; they stay the caller's. */
export class AudioMix {
  readonly #context = new AudioContext({ latencyHint: 'interactive' });
  readonly #output = this.#context.createMediaStreamDestination();

  constructor(tracks: readonly MediaStreamTrack[]) {
    for (const track of tracks) this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#output);
    void this.#context.resume().catch(() => undefined); // closed before it began
  }

  /** The mixed sound. */
  get track(): MediaStreamTrack {
    return this.#output.stream.getAudioTracks()[0]!; // a destination has one
  }

  close(): void {
    this.track.stop();
    void this.#context.close().catch(() => undefined); // closed already
  }
}
