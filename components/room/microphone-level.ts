// How loud a microphone is.

/** Samples a reading looks at: about 40 ms. */
const WINDOW = 2_048;

/** Listens to one track at a time, and plays nothing. */
export class MicrophoneLevel {
  #context: AudioContext | undefined;
  #source: MediaStreamAudioSourceNode | undefined;
  #analyser: AnalyserNode | undefined;
  #samples = new Float32Array(WINDOW);
  #track: MediaStreamTrack | null = null;

  /** Listens to this one from now on, or to none. */
  listen(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#track = track;
    this.#source?.disconnect();
    this.#source = undefined;
    if (!track) return;
    this.#context ??= new AudioContext({ latencyHint: 'playback' });
    this.#analyser ??= new AnalyserNode(this.#context, { fftSize: WINDOW });
    this.#source = new MediaStreamAudioSourceNode(this.#context, { mediaStream: new MediaStream([track]) });
    this.#source.connect(this.#analyser);
  }

  /** The root mean square just now, 0–1; 0 while nothing is heard. */
  read(): number {
    if (!this.#source || !this.#analyser || !this.#track?.enabled) return 0;
    // One that was made before any touch sleeps until it is told after one; it may be closed meanwhile.
    const isTouched = globalThis.navigator.userActivation?.hasBeenActive ?? true;
    if (isTouched && this.#context?.state === 'suspended') this.#context.resume().catch(() => undefined);
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    return Math.sqrt(sum / WINDOW);
  }

  /** Lets go of the track and of the sound system. */
  close(): void {
    this.listen(null);
    void this.#context?.close();
    this.#context = undefined;
    this.#analyser = undefined;
  }
}
