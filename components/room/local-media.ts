// One's own camera and microphone: asked for, exchanged, and let go.

/** Which of the two. */
export type Device = 'camera' | 'microphone';

/** Why one of them gives nothing: the person or the browser said no, there is none, another program has it, or it just failed. */
export type DeviceFault = 'denied' | 'missing' | 'busy' | 'failed';

/** What is asked of the camera, in pixels and frames a second. */
export interface PictureWish {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
}

type Devices = Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>;
type Slots<Kind> = Record<Device, Kind>;

const KINDS: Slots<'video' | 'audio'> = { camera: 'video', microphone: 'audio' };
const INPUTS: Slots<MediaDeviceKind> = { camera: 'videoinput', microphone: 'audioinput' };
const FAULTS: Readonly<Record<string, DeviceFault>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** Fires `change` whenever a track, a fault or the list of devices is another. Holds nothing before `open` and after `release`. */
export class LocalMedia extends EventTarget {
  picture: PictureWish = { width: 640, height: 360, frameRate: 24 };
  readonly #devices: Devices | undefined;
  readonly #tracks: Slots<MediaStreamTrack | null> = { camera: null, microphone: null };
  readonly #faults: Slots<DeviceFault | null> = { camera: null, microphone: null };
  readonly #chosen: Slots<string> = { camera: '', microphone: '' };
  /** Grows with whatever makes an answer that is still to come one that nobody waits for. */
  readonly #turns: Slots<number> = { camera: 0, microphone: 0 };
  /** Browsers may hold a track for long after its end. */
  readonly #forget: Slots<() => void> = { camera: () => {}, microphone: () => {} };
  /** What was asked for, and not answered. */
  readonly #pending: Slots<Promise<void> | undefined> = { camera: undefined, microphone: undefined };
  #known: readonly MediaDeviceInfo[] = [];
  #watching: AbortController | undefined;

  /** `devices` is `navigator.mediaDevices`, which pages without a secure context don't have. */
  constructor(devices: Devices | undefined = globalThis.navigator?.mediaDevices) {
    super();
    this.#devices = devices;
  }

  /** The live track, or null. */
  track(device: Device): MediaStreamTrack | null {
    return this.#tracks[device];
  }

  fault(device: Device): DeviceFault | null {
    return this.#faults[device];
  }

  /** Those to choose from; without names before the person has allowed one. */
  list(device: Device): readonly MediaDeviceInfo[] {
    return this.#known.filter(({ kind, deviceId }) => kind === INPUTS[device] && deviceId !== '');
  }

  /** The id of the one in use, or chosen; empty for the browser's choice. */
  chosen(device: Device): string {
    return this.#tracks[device]?.getSettings().deviceId ?? this.#chosen[device];
  }

  /** Whether both may be opened without a question. */
  async isAllowed(): Promise<boolean> {
    return !(await permissions()).includes(false);
  }

  /** Asks for those that are not open, in one question where it can be one. Never rejects: faults tell. */
  async open(wanted: readonly Device[]): Promise<void> {
    this.#watch();
    const missing = wanted.filter(device => !this.#tracks[device] && !this.#pending[device]);
    const answer = this.#askFor(missing);
    for (const device of missing) this.#pending[device] = answer;
    await Promise.all(wanted.map(device => this.#pending[device]));
    for (const device of missing) if (this.#pending[device] === answer) this.#pending[device] = undefined;
  }

  /** Uses another camera or microphone from now on. */
  async choose(device: Device, deviceId: string): Promise<void> {
    this.#chosen[device] = deviceId;
    if (!this.#tracks[device]) return;
    this.#stop(device);
    await this.open([device]);
  }

  /** Switches one off: its light goes out. */
  close(device: Device): void {
    this.#stop(device);
    this.#tell();
  }

  /** Switches everything off. */
  release(): void {
    this.#watching?.abort();
    this.#watching = undefined;
    for (const device of ['camera', 'microphone'] as const) {
      this.#stop(device);
      this.#faults[device] = null;
    }
    this.#tell();
  }

  async #askFor(missing: readonly Device[]): Promise<void> {
    if (missing.length === 2 && (await this.#ask(missing))) return;
    // Together it did not work: one without the other may.
    for (const device of missing) if (!this.#tracks[device] && !(await this.#ask([device]))) await this.#list();
  }

  #stop(device: Device): void {
    this.#turns[device]++;
    this.#pending[device] = undefined;
    this.#forget[device]();
    this.#tracks[device]?.stop();
    this.#tracks[device] = null;
  }

  /** Whether all that was asked for came. */
  async #ask(wanted: readonly Device[]): Promise<boolean> {
    const turns = wanted.map(device => ++this.#turns[device]);
    const isStale = (device: Device) => this.#turns[device] !== turns[wanted.indexOf(device)];
    try {
      if (!this.#devices) throw new DOMException('only a secure page has devices', 'SecurityError');
      const stream = await this.#devices.getUserMedia(this.#constraints(wanted));
      for (const device of wanted) {
        const [track] = device === 'camera' ? stream.getVideoTracks() : stream.getAudioTracks();
        if (track && isStale(device)) track.stop();
        else if (track) this.#take(device, track);
      }
      await this.#list();
      return true;
    } catch (error) {
      const name = error instanceof DOMException ? error.name : '';
      const current = wanted.filter(device => !isStale(device));
      for (const device of current) this.#faults[device] = FAULTS[name] ?? 'failed';
      this.#tell();
      // Whoever said no to both is not asked again for each.
      return name === 'NotAllowedError' && wanted.length === 2 && !(await permissions()).includes(true);
    }
  }

  #constraints(wanted: readonly Device[]): MediaStreamConstraints {
    const { width, height, frameRate } = this.picture;
    const one = (device: Device) => (this.#chosen[device] ? { deviceId: { exact: this.#chosen[device] } } : {});
    return {
      video: wanted.includes('camera') && {
        width: { ideal: width },
        height: { ideal: height },
        frameRate: { ideal: frameRate },
        ...one('camera'),
      },
      audio: wanted.includes('microphone') && {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        ...one('microphone'),
      },
    };
  }

  #take(device: Device, track: MediaStreamTrack): void {
    this.#tracks[device] = track;
    this.#faults[device] = null;
    // Unplugged, or forbidden while it was open.
    const onEnded = () => {
      this.#stop(device);
      this.#faults[device] = 'missing';
      this.#chosen[device] = '';
      this.#tell();
    };
    track.addEventListener('ended', onEnded);
    this.#forget[device] = () => track.removeEventListener('ended', onEnded);
  }

  #watch(): void {
    if (this.#watching || !this.#devices) return;
    this.#watching = new AbortController();
    const { signal } = this.#watching;
    this.#devices.addEventListener('devicechange', () => void this.#list(), { signal });
  }

  async #list(): Promise<void> {
    this.#known = (await this.#devices?.enumerateDevices().catch(() => [])) ?? [];
    this.#tell();
  }

  #tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** The kind of media of a device. */
export const mediaKind = (device: Device): 'video' | 'audio' => KINDS[device];

/** Whether the person has allowed each for good. */
function permissions(): Promise<boolean[]> {
  const query = async (name: string) => {
    const descriptor = { name } as PermissionDescriptor; // TypeScript's list of names lacks these two
    const { state } = await globalThis.navigator.permissions.query(descriptor);
    return state === 'granted';
  };
  return Promise.all(['camera', 'microphone'].map(name => query(name).catch(() => false))); // some browsers don't tell
}
