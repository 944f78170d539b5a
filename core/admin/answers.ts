// What a relay answers its operators at `/admin/api`, as it is written there and read by the dashboard. Null stands for what is not known.

import type { RecordingSummary } from '../recording/recording-document.ts';
import type { Millis } from '../time.ts';
import type { NatKind } from '../wire/quality-report.ts';

/** Of any answer that is no success. */
export interface AdminError {
  readonly error: { readonly code: string; readonly message: string };
}

/** What the relay costs, over about the last ten seconds. */
export interface AdminLoad {
  /** Of one core: 1 is a core that does nothing else. */
  readonly cpu: number;
  /** That the process holds of the machine's memory. */
  readonly memoryBytes: number;
  /** How late the event loop was at worst. */
  readonly eventLoopDelayMs: Millis;
  /** Of chunks: to viewers, and from publishers. */
  readonly bytesOutPerSecond: number;
  readonly bytesInPerSecond: number;
}

/** `GET status`. Times are Unix milliseconds. */
export interface AdminStatus {
  readonly version: string;
  readonly runtime: 'deno' | 'node';
  readonly startedAt: Millis;
  /** The relay's clock. */
  readonly clock: Millis;
  readonly url: string;
  /** It takes nobody new. */
  readonly draining: boolean;
  readonly links: number;
  /** Live, or with somebody who waits for them. */
  readonly channels: number;
  readonly viewers: number;
  readonly load: AdminLoad;
  readonly recordings: {
    readonly bytes: number;
    /** On the disk that they are kept on. */
    readonly freeBytes: number | null;
    /** Why nothing is recorded; null while all is well. */
    readonly stopped: string | null;
  };
}

/** How the relay fares with a stream that it fetches itself. */
export type AdminSourceState = 'stopped' | 'waiting' | 'starting' | 'live' | 'failed';

export interface AdminSource {
  /** Without the secrets in it. */
  readonly url: string;
  readonly when: 'always' | 'on-demand';
  readonly state: AdminSourceState;
  readonly error: string | null;
  /** In this state since then. */
  readonly since: Millis;
}

/** One channel of `GET channels`: all that somebody publishes, watches, or has configured by its name. */
export interface AdminChannel {
  readonly name: string;
  readonly state: 'waiting' | 'live' | 'ended';
  readonly viewers: number;
  /** Of the stream. */
  readonly bitrateKbps: number | null;
  /** The share of the bytes that members of the swarm got from each other, 0–1, over the last 30 s. */
  readonly offload: number | null;
  /** How often the relay sent each byte of the stream, over the last 30 s. */
  readonly copies: number | null;
  /** In a minute of one viewer, over the last minute. */
  readonly stallsPerViewerMinute: number | null;
  /** Capture to showing: the median over the viewers. */
  readonly latencyMs: Millis | null;
  /** Live since then; null while it isn't. */
  readonly startedAt: Millis | null;
  readonly recording: {
    /** The one that grows at this moment. */
    readonly id: string | null;
    /** Why it isn't recorded though it should be. */
    readonly stopped: string | null;
  };
  readonly source: AdminSource | null;
  /** Whether there is an entry of its name: in the configuration, which only its file changes, or added here. */
  readonly entry: 'configuration' | 'added' | null;
}

/** What holds for a channel, by its entry or the relay's defaults. */
export interface AdminChannelSettings {
  readonly view: 'open' | 'token';
  readonly record: boolean;
  /** Seconds that viewers can go back. */
  readonly rewind: number;
  readonly peers: boolean;
  readonly maxViewers: number | null;
}

/** `GET channels/{name}`. */
export interface AdminChannelDetail extends AdminChannel {
  readonly settings: AdminChannelSettings;
  /** Bytes of chunks taken from publishers, and sent to viewers. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Viewers by what carries their links, by what their network lets through, and by their time zone. */
  readonly transports: Readonly<Record<string, number>>;
  readonly nat: Readonly<Record<string, number>>;
  readonly places: Readonly<Record<string, number>>;
  /** From the wish to watch to the first picture: the median over those who came in the last hour. */
  readonly startupMs: Millis | null;
}

/** One member of `GET channels/{name}/swarm`. */
export interface AdminSwarmMember {
  /** Names it within the channel, for as long as its page is open. */
  readonly id: string;
  /** It makes the chunks itself, or watches. */
  readonly role: 'viewer' | 'source';
  readonly nat: NatKind;
  readonly place: string | null;
  readonly uplinkKbps: number;
  readonly latencyMs: Millis | null;
  /** 0–1, since its last report. */
  readonly offload: number | null;
  readonly since: Millis;
  /** Who pushes each stripe to it: a member's id, `relay`, or nobody yet. */
  readonly parents: readonly (string | null)[];
}

export interface AdminSwarm {
  /** Push trees; 0 before the first member. */
  readonly stripes: number;
  /** At most 1,000; the others are left out. */
  readonly members: readonly AdminSwarmMember[];
  /** How many there are. */
  readonly size: number;
}

/** One session of `GET channels/{name}/viewers`. */
export interface AdminViewer {
  /** Names the session, to disconnect it. */
  readonly id: string;
  readonly transport: string;
  readonly since: Millis;
  readonly latencyMs: Millis | null;
  /** Since it came. */
  readonly stalls: number | null;
  readonly nat: NatKind;
  readonly place: string | null;
}

/** One of `GET recordings`. */
export type AdminRecording = RecordingSummary;

/** `GET series`: columns of equal length, the oldest point first. Each stands for the `stepMs` that end at `at`. */
export interface AdminSeries {
  readonly stepMs: Millis;
  readonly at: readonly Millis[];
  readonly viewers: readonly (number | null)[];
  /** To viewers, a second. */
  readonly bytesOutPerSecond: readonly (number | null)[];
  /** From publishers. */
  readonly bitrateKbps: readonly (number | null)[];
  /** Of the bytes that members of swarms got, 0–1. */
  readonly peerShare: readonly (number | null)[];
  readonly stallsPerViewerMinute: readonly (number | null)[];
  /** Capture to showing, over the viewers. */
  readonly latencyMs: { readonly p50: readonly (number | null)[]; readonly p95: readonly (number | null)[] };
  /** Seconds of media that a viewer got from the relay in a minute: 60 without peers. */
  readonly timeOnRelay: readonly (number | null)[];
  /** Of one core. Only of the whole relay. */
  readonly cpu: readonly (number | null)[];
  /** Viewers by kind; the places are the twelve that most come from, and `other`. */
  readonly nat: Readonly<Record<string, readonly (number | null)[]>>;
  readonly places: Readonly<Record<string, readonly (number | null)[]>>;
}

/** One line of `GET log`, and the data of each event of `GET log/stream`. */
export interface AdminLogLine {
  /** Counts up: what was read already is known by it. */
  readonly number: number;
  readonly at: Millis;
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly message: string;
  /** What else the line tells. */
  readonly data: Readonly<Record<string, unknown>>;
}
