// Asks the relay's admin API, and tells when the session is over or the relay is out of reach.

import type {
  AdminChannel,
  AdminChannelDetail,
  AdminLogLine,
  AdminRecording,
  AdminSeries,
  AdminStatus,
  AdminSwarm,
  AdminViewer,
} from '../../core/admin/answers.ts';

/** Why something could not be had. `refused`: the relay says why in `message`. */
export class AdminFailure extends Error {
  override readonly name = 'AdminFailure';
  readonly code: 'unreachable' | 'signed-out' | 'refused';
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;

  constructor(code: AdminFailure['code'], message: string, status = 0) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** What is to be different of a channel; null: no source any more. */
export interface ChannelChange {
  readonly source?: { readonly url: string; readonly when: 'always' | 'on-demand' } | null;
  readonly record?: boolean;
}

/** What the page asks the relay with; tests put stand-ins here. */
export interface AdminWorld {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly listen: (url: string) => EventSource;
}

const REAL: AdminWorld = { fetch: (url, init) => fetch(url, init), listen: url => new EventSource(url) };
/** Milliseconds after which an answer isn't waited for any longer. */
const PATIENCE = 10_000;

/** Events: `signedout` when the relay no longer knows the session, `reachchange` when it falls silent or answers again. */
export class AdminApi extends EventTarget {
  readonly #base: string;
  readonly #world: AdminWorld;
  #isReachable = true;
  #ahead = 0;

  /** `base` is the address of `/admin/api/`. */
  constructor(base: string, world: AdminWorld = REAL) {
    super();
    this.#base = base;
    this.#world = world;
  }

  /** The relay's clock, Unix milliseconds: that of this device may be another. */
  get now(): number {
    return Date.now() + this.#ahead;
  }
  get isReachable(): boolean {
    return this.#isReachable;
  }

  async signIn(token: string): Promise<void> {
    await this.#ask('POST', 'session', { token });
  }
  async signOut(): Promise<void> {
    await this.#ask('DELETE', 'session');
  }
  async status(): Promise<AdminStatus> {
    const status: AdminStatus = await this.#get('status');
    this.#ahead = status.clock - Date.now();
    return status;
  }
  channels(): Promise<readonly AdminChannel[]> {
    return this.#get('channels');
  }
  channel(name: string): Promise<AdminChannelDetail> {
    return this.#get(pathOf(name));
  }
  swarm(name: string): Promise<AdminSwarm> {
    return this.#get(`${pathOf(name)}/swarm`);
  }
  viewers(name: string): Promise<readonly AdminViewer[]> {
    return this.#get(`${pathOf(name)}/viewers`);
  }
  recordings(): Promise<readonly AdminRecording[]> {
    return this.#get('recordings');
  }
  /** Of one channel, or of the whole relay; from that moment on (Unix ms), in steps of so many ms at least. */
  series(span: { readonly channel?: string; readonly from: number; readonly step: number }): Promise<AdminSeries> {
    const query = new URLSearchParams({ from: `${Math.round(span.from)}`, step: `${span.step}` });
    if (span.channel !== undefined) query.set('channel', span.channel);
    return this.#get(`series?${query}`);
  }
  log(lines: number): Promise<readonly AdminLogLine[]> {
    return this.#get(`log?lines=${lines}`);
  }
  /** New lines, as events whose data is an `AdminLogLine`. */
  followLog(): EventSource {
    return this.#world.listen(`${this.#base}log/stream`);
  }
  /** Adds it, too. What isn't said stays as it is; a source's address as it was told stands for itself, with the secrets that it has. */
  async changeChannel(name: string, change: ChannelChange): Promise<void> {
    await this.#ask('PATCH', pathOf(name), change);
  }
  async removeChannel(name: string): Promise<void> {
    await this.#ask('DELETE', pathOf(name));
  }
  async switchSource(name: string, to: 'start' | 'stop'): Promise<void> {
    await this.#ask('POST', `${pathOf(name)}/${to}`);
  }
  /** Ends the session of a viewer, or of the publisher. */
  async disconnect(name: string, viewer?: string): Promise<void> {
    await this.#ask('POST', `${pathOf(name)}/disconnect`, viewer === undefined ? {} : { viewer });
  }
  async removeRecording(id: string): Promise<void> {
    await this.#ask('DELETE', `recordings/${encodeURIComponent(id)}`);
  }
  /** Takes nobody new from now on, or is open to all again. */
  async setDraining(isDraining: boolean): Promise<void> {
    await this.#ask(isDraining ? 'POST' : 'DELETE', 'drain');
  }
  /** What lets this page watch the channel; null where nothing is needed. */
  async viewToken(channel: string): Promise<string | null> {
    const response = await this.#ask('POST', `${pathOf(channel)}/view-token`);
    const { token } = (await response.json()) as { token: string | null }; // as the relay of this build writes it
    return token;
  }

  async #get<Answer>(path: string): Promise<Answer> {
    const response = await this.#ask('GET', path);
    return (await response.json()) as Answer; // this page and what answers it are of one build, and share the answers' types
  }

  async #ask(method: string, path: string, body?: object): Promise<Response> {
    const response = await this.#send(method, path, body);
    if (response.ok) return response;
    const message = await messageOf(response);
    if (response.status !== 401) throw new AdminFailure('refused', message, response.status);
    if (path !== 'session') this.dispatchEvent(new Event('signedout'));
    throw new AdminFailure('signed-out', message, 401);
  }

  async #send(method: string, path: string, body?: object): Promise<Response> {
    const content = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    try {
      const init = { method, credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) };
      const response = await this.#world.fetch(this.#base + path, { ...init, ...content } as RequestInit); // the words are those of RequestInit
      this.#reach(response.status !== 502 && response.status !== 504);
      return response;
    } catch (error) {
      this.#reach(false);
      throw new AdminFailure('unreachable', String(error));
    }
  }

  #reach(isReachable: boolean): void {
    if (isReachable === this.#isReachable) return;
    this.#isReachable = isReachable;
    this.dispatchEvent(new Event('reachchange'));
  }
}

/** A name is encoded whole: its slashes are no part of the path. */
const pathOf = (name: string) => `channels/${encodeURIComponent(name)}`;

async function messageOf(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } }; // whatever it is, only a text is taken
    if (typeof error?.message === 'string') return error.message;
  } catch {
    // A proxy's page, say.
  }
  return `${response.status} ${response.statusText}`.trim();
}
