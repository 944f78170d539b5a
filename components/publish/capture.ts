// Camera, microphone and screen: borrows them, swaps them, notices when they go away, and gives them back.

import { AudioMix } from './audio-mix.ts';
import type { MediaKind } from './engine/publication.ts';
import { cameraConstraints, type MediaWish, microphoneConstraints, screenOptions } from './media-wish.ts';

/** Where a track comes from. `tone`: the sound of what is shared. */
export type Input = 'camera' | 'screen' | 'microphone' | 'tone';

/** An input that ended by itself: unplugged, or no longer shared. */
export interface LostInput {
  readonly input: Input;
  /** As the device is called. */
  readonly label: string;
}

/**
 * `video` and `audio` are what is to be sent now, null without; `change` (a CustomEvent with the MediaKind) tells of another, `lost` (with a LostInput)
 * that one went away. After a loss `change` comes first.
 */
export class Capture extends EventTarget {
  readonly #inputs = new Map<Input, MediaStreamTrack>();
  /** Browsers keep tracks for longer than they are used, with all that listens to them. */
  readonly #unwatch = new Map<Input, AbortController>();
  /** Those of a stream that the page handed in stay the page's. */
  #isOwn = false;
  #mix: AudioMix | undefined;
  #video: MediaStreamTrack | null = null;
  #audio: MediaStreamTrack | null = null;
  #visit = 0;

  get video(): MediaStreamTrack | null {
    return this.#video;
  }
  get audio(): MediaStreamTrack | null {
    return this.#audio;
  }
  has(input: Input): boolean {
    return this.#inputs.has(input);
  }
  /** Settings of an input's track, such as its deviceId and facingMode. */
  settings(input: Input): MediaTrackSettings | undefined {
    return this.#inputs.get(input)?.getSettings();
  }

  /**
   * Asks for what is wished and replaces what there was. Rejects with the browser's DOMException and leaves what there was; with AbortError when closed
   * meanwhile. Resolves with what is missing, as there is no such device or it may not be used, though the rest is there.
   */
  async open(wish: MediaWish): Promise<readonly Input[]> {
    const visit = ++this.#visit;
    const { found, missing } = wish.source === 'screen' ? await shareScreen(wish) : await askUser(wish);
    if (visit !== this.#visit) {
      for (const track of found.values()) track.stop();
      throw new DOMException('The devices are no longer wanted.', 'AbortError');
    }
    this.#replace(found, false);
    return missing;
  }

  /** Takes a stream of the page's own; its tracks are never stopped here. */
  take(stream: MediaStream): void {
    this.#visit++;
    const [video] = stream.getVideoTracks();
    const [audio] = stream.getAudioTracks();
    const found = new Map<Input, MediaStreamTrack>();
    if (video) found.set('camera', video);
    if (audio) found.set('microphone', audio);
    this.#replace(found, true);
  }

  /** Another camera or microphone in place of the one before, which stays where the new one can't be had. Rejects as `open` does. */
  async choose(input: 'camera' | 'microphone', wish: MediaWish): Promise<void> {
    const visit = this.#visit;
    const audio = microphoneConstraints(wish);
    const asked = input === 'camera' ? { video: cameraConstraints(wish) } : { audio };
    if (input === 'microphone' && !audio) {
      this.set(input, null);
      return;
    }
    const stream = await navigator.mediaDevices.getUserMedia(asked).catch((error: unknown) => {
      // Phones use one camera at a time.
      const isTaken = error instanceof DOMException && error.name === 'NotReadableError';
      if (!isTaken || input !== 'camera' || !this.has(input)) throw error;
      this.set(input, null);
      return navigator.mediaDevices.getUserMedia(asked);
    });
    const [track = null] = stream.getTracks();
    if (visit !== this.#visit) {
      track?.stop();
      throw new DOMException('The device is no longer wanted.', 'AbortError');
    }
    this.set(input, track);
  }

  /** Gives one input back, or takes another in its place. */
  set(input: Input, track: MediaStreamTrack | null): void {
    const before = this.#inputs.get(input);
    if (before && !this.#isOwn) before.stop();
    this.#forget(input);
    if (track) this.#watch(input, track);
    this.#renew();
  }

  /** Gives everything back. */
  close(): void {
    this.#visit++;
    this.#replace(new Map(), false);
  }

  #replace(found: ReadonlyMap<Input, MediaStreamTrack>, isOwn: boolean): void {
    const kept = new Set(found.values());
    if (!this.#isOwn) for (const track of this.#inputs.values()) if (!kept.has(track)) track.stop();
    for (const input of [...this.#inputs.keys()]) this.#forget(input);
    this.#isOwn = isOwn;
    for (const [input, track] of found) this.#watch(input, track);
    this.#renew();
  }

  #watch(input: Input, track: MediaStreamTrack): void {
    const unwatch = new AbortController();
    this.#inputs.set(input, track);
    this.#unwatch.set(input, unwatch);
    // Comes only when the track wasn't stopped here.
    const lose = () => {
      this.#forget(input);
      this.#renew();
      this.dispatchEvent(new CustomEvent<LostInput>('lost', { detail: { input, label: track.label } }));
    };
    track.addEventListener('ended', lose, { signal: unwatch.signal });
  }

  #forget(input: Input): void {
    this.#inputs.delete(input);
    this.#unwatch.get(input)?.abort();
    this.#unwatch.delete(input);
  }

  #renew(): void {
    const sounds = [this.#inputs.get('microphone'), this.#inputs.get('tone')].filter(track => track !== undefined);
    const before = this.#mix;
    this.#mix = sounds.length > 1 ? new AudioMix(sounds) : undefined;
    const video = this.#inputs.get('screen') ?? this.#inputs.get('camera') ?? null;
    const audio = this.#mix?.track ?? sounds[0] ?? null;
    const changed: MediaKind[] = [];
    if (video !== this.#video) changed.push('video');
    if (audio !== this.#audio) changed.push('audio');
    this.#video = video;
    this.#audio = audio;
    for (const kind of changed) this.dispatchEvent(new CustomEvent<MediaKind>('change', { detail: kind }));
    before?.close();
  }
}

interface Found {
  readonly found: ReadonlyMap<Input, MediaStreamTrack>;
  readonly missing: readonly Input[];
}

/** Chooses a screen first: that must follow the user's click at once. */
async function shareScreen(wish: MediaWish): Promise<Found> {
  const screen = await navigator.mediaDevices.getDisplayMedia(screenOptions(wish));
  const found = new Map<Input, MediaStreamTrack>();
  const [video] = screen.getVideoTracks();
  const [tone] = screen.getAudioTracks();
  if (video) found.set('screen', video);
  if (tone) found.set('tone', tone);
  const audio = microphoneConstraints(wish);
  if (!audio) return { found, missing: [] };
  try {
    const [voice] = (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks();
    if (voice) found.set('microphone', voice);
    return { found, missing: [] };
  } catch {
    // The screen goes without.
    return { found, missing: ['microphone'] };
  }
}

async function askUser(wish: MediaWish): Promise<Found> {
  const video = wish.source === 'camera' && cameraConstraints(wish);
  const audio = microphoneConstraints(wish);
  try {
    return found(await navigator.mediaDevices.getUserMedia({ video, audio }));
  } catch (error) {
    if (!video || !audio) throw error;
    // One of the two is missing or taken: the other is better than none.
    const isDevice = error instanceof DOMException && /NotFound|NotReadable|Overconstrained/.test(error.name);
    if (!isDevice) throw error;
    const alone = (asked: MediaStreamConstraints) => navigator.mediaDevices.getUserMedia(asked).catch(() => null);
    const picture = await alone({ video });
    if (picture) return { ...found(picture), missing: ['microphone'] };
    const sound = await alone({ audio });
    if (sound) return { ...found(sound), missing: ['camera'] };
    throw error;
  }
}

function found(stream: MediaStream): Found {
  const tracks = new Map<Input, MediaStreamTrack>();
  const [video] = stream.getVideoTracks();
  const [audio] = stream.getAudioTracks();
  if (video) tracks.set('camera', video);
  if (audio) tracks.set('microphone', audio);
  return { found: tracks, missing: [] };
}
