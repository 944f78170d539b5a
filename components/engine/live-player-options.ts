// What a page tells a player: which channel of which relay, and how to play it.

import { channelNameFault } from '../../core/channel-name.ts';
import { isRecordingSwarm } from '../../core/recording/recording-id.ts';
import { MAX_TOKEN } from '../../core/wire/publish.ts';
import type { EngineFault, RelayTransport } from './engine-messages.ts';
import type { Seconds } from './live-controller.ts';
import type { SwarmPolicy } from './swarm-policy.ts';

const DEFAULT_LATENCY: Seconds = 0.85;

/** What to play, and how. */
export interface LivePlayerOptions {
  /** The relay's absolute URL. */
  readonly relay: string;
  /** The channel's name, or `recordings/<id>` for a recording. */
  readonly name: string;
  /** What lets the viewer watch: a JSON Web Token or a key, at most 4,096 bytes. */
  readonly token?: string;
  /** Seconds from the source to the screen; 0.85 if not given. */
  readonly targetLatency?: Seconds;
  /** On what terms to join the swarm; without, no peers. */
  readonly swarm?: SwarmPolicy;
  /** Asked once, before the first peer is connected; without, peers may be. Playing never waits for it. */
  readonly consent?: () => Promise<boolean>;
  /** `off` keeps everything on the page's thread. */
  readonly worker?: 'auto' | 'off';
  /** For builds that keep the worker elsewhere. */
  readonly createWorker?: () => Worker;
  /** In the order in which they are tried. */
  readonly transports?: readonly RelayTransport[];
}

/** Says what is wrong with the address or the name, or nothing. */
export function faultOf({ relay, name, token = '' }: LivePlayerOptions): EngineFault | undefined {
  // What is wrong with a recording's name, its relay says.
  const nameFault = isRecordingSwarm(name) ? undefined : channelNameFault(name);
  if (nameFault) return { code: 'bad-name', message: nameFault };
  const tokenFault = faultOfToken(token);
  if (tokenFault) return tokenFault;
  if (/^https?:/.test(relay) && URL.canParse(relay)) return undefined;
  const message = `${JSON.stringify(relay)} is no relay's URL: one such as https://relay.example is needed`;
  return { code: 'bad-relay', message };
}

/** Says what is wrong with a token, or nothing: signs of ASCII are a byte each. */
export function faultOfToken(token: string): EngineFault | undefined {
  if (token.length <= MAX_TOKEN) return undefined;
  return { code: 'not-allowed', message: `the token is longer than ${MAX_TOKEN} bytes` };
}

/** Throws a RangeError for what is no time. */
export function checkedLatency(seconds: Seconds = DEFAULT_LATENCY): Seconds {
  if (seconds > 0) return seconds;
  throw new RangeError(`target latency of ${seconds} s: more than 0 is needed`);
}
