// Carries a peer's two data channels across a worker's boundary where the browser can't transfer them: the page's side pumps, the engine's side looks like channels.

import type { Bytes } from '../../core/bytes.ts';
import type { DataChannelLike, PeerChannels } from '../../core/links/data-channel-link.ts';

/** Which of the two. */
type Lane = 0 | 1;

type ToPage =
  | { readonly type: 'send'; readonly lane: Lane; readonly data: ArrayBuffer }
  | { readonly type: 'close'; readonly lane: Lane };

type ToEngine =
  | { readonly type: 'open' | 'close'; readonly lane: Lane }
  | { readonly type: 'message'; readonly lane: Lane; readonly data: unknown }
  /** How many bytes have gone to the network since the channel opened. */
  | { readonly type: 'left'; readonly lane: Lane; readonly left: number };

/** How finely the engine sees its bytes leave. */
const STEP_BYTES = 4_096;

/** The page's side: pumps between the channels and the port from now on. */
export function pumpChannels(port: MessagePort, { control, chunks }: PeerChannels): void {
  const channels = [control, chunks] as const;
  const sent = [0, 0];
  const tell = (event: ToEngine, transfer: Transferable[] = []) => port.postMessage(event, transfer);
  const tellLeft = (lane: Lane) => {
    const channel = channels[lane];
    channel.bufferedAmountLowThreshold = Math.max(0, channel.bufferedAmount - STEP_BYTES);
    tell({ type: 'left', lane, left: sent[lane]! - channel.bufferedAmount });
  };
  for (const lane of [0, 1] as const) {
    const channel = channels[lane];
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('open', () => tell({ type: 'open', lane }));
    channel.addEventListener('bufferedamountlow', () => tellLeft(lane));
    channel.addEventListener('message', ({ data }) => {
      tell({ type: 'message', lane, data }, data instanceof ArrayBuffer ? [data] : []);
    });
    channel.addEventListener('close', () => {
      tell({ type: 'close', lane });
      if (channels.every(({ readyState }) => readyState === 'closed')) port.close();
    });
  }
  port.addEventListener('message', ({ data: command }: MessageEvent<ToPage>) => {
    const channel = channels[command.lane];
    if (command.type === 'close') return channel.close();
    if (channel.readyState !== 'open') return; // `close` is on its way to the engine
    try {
      channel.send(new Uint8Array(command.data));
      sent[command.lane]! += command.data.byteLength;
      tellLeft(command.lane);
    } catch {
      channel.close(); // its buffer is full, far beyond what a link lets wait
    }
  });
  port.start();
}

/** The engine's side of one channel. */
class PortChannel implements DataChannelLike {
  readyState = 'connecting';
  bufferedAmountLowThreshold = 0;
  /** Messages always come as ArrayBuffers. */
  binaryType = 'arraybuffer';
  readonly #post: (command: ToPage, transfer?: Transferable[]) => void;
  readonly #lane: Lane;
  readonly #listeners = new Map<string, ((event: { readonly data: unknown }) => void)[]>();
  #sent = 0;
  #left = 0;

  constructor(lane: Lane, post: (command: ToPage, transfer?: Transferable[]) => void) {
    this.#lane = lane;
    this.#post = post;
  }

  get bufferedAmount(): number {
    return this.#sent - this.#left;
  }

  send(data: Bytes): void {
    if (this.readyState !== 'open') throw new DOMException(`the channel is ${this.readyState}`, 'InvalidStateError');
    const copy = data.slice().buffer; // the caller keeps its bytes
    this.#sent += copy.byteLength;
    this.#post({ type: 'send', lane: this.#lane, data: copy }, [copy]);
  }

  close(): void {
    if (this.readyState === 'closed' || this.readyState === 'closing') return;
    this.readyState = 'closing';
    this.#post({ type: 'close', lane: this.#lane });
  }

  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    const listeners = this.#listeners.get(type) ?? [];
    this.#listeners.set(type, [...listeners, listener]);
  }

  take(event: ToEngine): void {
    if (this.readyState === 'closed') return;
    if (event.type === 'message') this.#fire('message', event.data);
    else if (event.type === 'left') this.#drain(event.left);
    else if (event.type === 'close') {
      this.readyState = 'closed';
      this.#fire('close');
    } else if (this.readyState === 'connecting') {
      this.readyState = 'open';
      this.#fire('open');
    }
  }

  #drain(left: number): void {
    const before = this.bufferedAmount;
    this.#left = left;
    const threshold = this.bufferedAmountLowThreshold;
    if (before > threshold && this.bufferedAmount <= threshold) this.#fire('bufferedamountlow');
  }

  #fire(type: string, data?: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data });
  }
}

/** The engine's side: channels that stand for those at the other end of the port. */
export function channelsOfPort(port: MessagePort): PeerChannels {
  const post = (command: ToPage, transfer: Transferable[] = []) => port.postMessage(command, transfer);
  const channels = [new PortChannel(0, post), new PortChannel(1, post)] as const;
  port.addEventListener('message', ({ data: event }: MessageEvent<ToEngine>) => {
    channels[event.lane].take(event);
    if (channels.every(({ readyState }) => readyState === 'closed')) port.close();
  });
  port.start();
  return { control: channels[0], chunks: channels[1] };
}
