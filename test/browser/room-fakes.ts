// What stands behind a <p2p-room> in tests: a door that a test opens, publications that only remember, devices that draw and hum.

import '../../components/room/define-room.ts';
import { P2pLive } from '../../components/p2p-live.ts';
import type { MediaKind, PublicationError, PublicationOptions } from '../../components/publish/engine/publication.ts';
import { P2pRoom } from '../../components/room/p2p-room.ts';
import type {
  MemberState,
  RoomConnectionOptions,
  RoomError,
  RoomMember,
  RoomState,
} from '../../components/room/room-connection.ts';
import type { RoomDoor, RoomPublication } from '../../components/room/room-visit.ts';
import { FakePlayer } from './fake-player.ts';

/** Stands in for RoomConnection: nothing happens before a test says so. */
export class FakeDoor extends EventTarget implements RoomDoor {
  static made: FakeDoor[] = [];
  readonly options: RoomConnectionOptions;
  state: RoomState = 'idle';
  error: RoomError | null = null;
  members: readonly RoomMember[] = [];
  /** What was said last. */
  said: MemberState = { microphone: false, camera: false, speaking: false };
  readonly sent: unknown[] = [];
  hasLeft = false;
  token: string;

  constructor(options: RoomConnectionOptions) {
    super();
    this.options = options;
    this.token = options.token;
    FakeDoor.made.push(this);
  }

  enter(): void {
    this.become('connecting');
  }
  async leave(): Promise<void> {
    this.hasLeft = true;
  }
  setState(state: MemberState): void {
    this.said = state;
  }
  send(data: string | ArrayBuffer | ArrayBufferView): void {
    this.sent.push(data);
  }

  become(state: RoomState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  refuse(code: RoomError['code'], message = 'the relay said so'): void {
    this.error = { code, message };
    this.become('refused');
  }

  /** Opens, with these others inside. */
  open(...others: readonly RoomMember[]): void {
    this.fill(...others);
    this.become('inside');
  }

  fill(...others: readonly RoomMember[]): void {
    this.members = [member(this.options.user, this.said), ...others];
    this.dispatchEvent(new Event('members'));
  }

  hear(data: string, from: string): void {
    this.dispatchEvent(Object.assign(new MessageEvent('message', { data }), { from, own: from === this.options.user }));
  }
}

/** Stands in for Publication. */
export class FakePublication extends EventTarget implements RoomPublication {
  static made: FakePublication[] = [];
  readonly options: PublicationOptions;
  state: RoomPublication['state'] = 'idle';
  error: PublicationError | null = null;
  readonly tracks: Record<MediaKind, MediaStreamTrack | null>;
  readonly muted: Record<MediaKind, boolean> = { video: false, audio: false };
  readonly tokens: string[] = [];

  constructor(options: PublicationOptions) {
    super();
    this.options = options;
    this.tracks = { video: options.video ?? null, audio: options.audio ?? null };
    FakePublication.made.push(this);
  }

  start(): void {
    this.become('connecting');
  }
  async stop(): Promise<void> {
    this.become('ended');
  }
  setTrack(kind: MediaKind, track: MediaStreamTrack | null): void {
    this.tracks[kind] = track;
  }
  setMuted(kind: MediaKind, muted: boolean): void {
    this.muted[kind] = muted;
  }
  setToken(token: string): void {
    this.tokens.push(token);
  }

  become(state: RoomPublication['state']): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  fail(error: PublicationError): void {
    this.error = error;
    this.become('failed');
    this.dispatchEvent(new Event('error'));
  }
}

/** Somebody with camera and microphone on, unless told otherwise. */
export function member(user: string, state: Partial<RoomMember> = {}): RoomMember {
  return { user, channelIsLive: true, microphone: true, camera: true, speaking: false, joinedAt: 0, ...state };
}

/** Every track that was given out, to see what became of it. */
export const tracks: MediaStreamTrack[] = [];
/** What the next questions for devices are answered with, instead of a stream. */
export const refusals: string[] = [];
/** How loud the microphone is, 0–1. */
export let loudness: GainNode | undefined;
let sound: AudioContext | undefined;

function camera(): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  const pen = canvas.getContext('2d')!; // every browser has it
  const draw = () => {
    const sky = pen.createLinearGradient(0, 0, 640, 0);
    sky.addColorStop(0, '#27485f');
    sky.addColorStop(1, '#c98a5e');
    pen.fillStyle = sky;
    pen.fillRect(0, 0, 640, 360);
    pen.fillStyle = '#f3d9c0';
    pen.beginPath();
    pen.arc(320 + 8 * Math.sin(performance.now() / 300), 170, 80, 0, 7);
    pen.fill();
  };
  draw();
  const [track] = canvas.captureStream(10).getVideoTracks();
  const timer = setInterval(() => (track?.readyState === 'live' ? draw() : clearInterval(timer)), 100);
  return track!; // a canvas has one
}

function microphone(): MediaStreamTrack {
  sound ??= new AudioContext();
  const output = sound.createMediaStreamDestination();
  void sound.resume().catch(() => undefined); // sleeps before a touch
  const tone = new OscillatorNode(sound, { frequency: 220 });
  loudness = new GainNode(sound, { gain: 0 });
  tone.connect(loudness).connect(output);
  tone.start();
  return output.stream.getAudioTracks()[0]!; // a destination has one
}

class FakeDevices extends EventTarget {
  readonly asked: MediaStreamConstraints[] = [];
  /** The person thinks about it. */
  answer: Promise<void> = Promise.resolve();

  async getUserMedia(wish: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(wish);
    await this.answer;
    const refusal = refusals.shift();
    if (refusal) throw new DOMException('no', refusal);
    const given = [...(wish.video ? [camera()] : []), ...(wish.audio ? [microphone()] : [])];
    tracks.push(...given);
    return new MediaStream(given);
  }
  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return [device('videoinput', 'Front camera'), device('videoinput', 'Desk camera'), device('audioinput', 'Headset')];
  }
}

function device(kind: MediaDeviceKind, label: string): MediaDeviceInfo {
  return { kind, label, deviceId: label, groupId: '', toJSON: () => ({}) };
}

export let devices = new FakeDevices();
/** Whether the person has allowed camera and microphone before. */
export const permission = { state: 'prompt' };

/** A room with stand-ins, on the page. */
export async function mountRoom(
  attributes = 'name="tea" user="ada"',
  style = 'width: 960px; height: 600px',
): Promise<P2pRoom> {
  P2pRoom.makers = {
    door: options => new FakeDoor(options),
    publication: options => new FakePublication(options),
  };
  P2pLive.createPlayer = (video, options) => new FakePlayer(video, options);
  devices = new FakeDevices();
  Object.defineProperty(navigator, 'mediaDevices', { value: devices, configurable: true });
  Object.defineProperty(navigator, 'permissions', { value: { query: async () => permission }, configurable: true });
  const holder = document.createElement('div');
  holder.className = 'holder';
  holder.innerHTML = `<p2p-room relay="https://relay.example" ${attributes} style="aspect-ratio: auto; ${style}"></p2p-room>`;
  document.body.append(holder);
  const room = holder.firstElementChild;
  if (!(room instanceof P2pRoom)) throw new Error('<p2p-room> is not defined');
  await room.updateComplete;
  return room;
}

/** Takes away what `mountRoom` put there. */
export async function unmountRooms(): Promise<void> {
  for (const holder of document.querySelectorAll('.holder')) holder.remove();
  await Promise.resolve();
  Reflect.deleteProperty(navigator, 'mediaDevices');
  Reflect.deleteProperty(navigator, 'permissions');
  permission.state = 'prompt';
  FakePlayer.made = [];
  FakeDoor.made = [];
  FakePublication.made = [];
  tracks.length = refusals.length = 0;
  await sound?.close();
  sound = undefined;
}

/** The newest of what was made; throws when there is none. */
export function newest<Kind>(made: readonly Kind[]): Kind {
  const last = made.at(-1);
  if (!last) throw new Error('none was made');
  return last;
}

/** Brings a room to its inside, with these others there, who play. */
export async function mountInside(
  others: readonly RoomMember[] = [],
  attributes?: string,
  style?: string,
): Promise<P2pRoom> {
  const room = await mountRoom(attributes, style);
  const joining = room.join();
  while (FakeDoor.made.length === 0) await new Promise(resolve => setTimeout(resolve));
  newest(FakeDoor.made).open(...others);
  await joining;
  await room.updateComplete;
  for (const player of FakePlayer.made) player.show();
  await room.updateComplete;
  return room;
}

/** All parts of the room's shadow tree that `selector` finds. */
export function all(room: P2pRoom, selector: string): HTMLElement[] {
  return [...room.renderRoot.querySelectorAll<HTMLElement>(selector)];
}

/** The one part that `selector` finds. */
export function one(room: P2pRoom, selector: string): HTMLElement {
  const [found] = all(room, selector);
  if (!found) throw new Error(`no ${selector} in the room`);
  return found;
}

/** The words of it, in one line. */
export function text(element: HTMLElement): string {
  return (element.textContent ?? '').replace(/\s+/g, ' ').trim();
}
