// What the page's attributes and the viewer's connection come to: the terms on which a player joins the swarm.

import type { SwarmPolicy } from './engine/swarm-policy.ts';

/** What a page asks for by the element's attributes. */
export interface P2pWishes {
  /** `on`, `off` or `download-only`; anything else is `on`. */
  readonly p2p: string;
  /** kbit/s; null or nothing above 0 for no limit. */
  readonly maxUploadKbps: number | null;
  /** Megabytes (10⁶) a visit; null or nothing above 0 for no limit. */
  readonly maxUploadMb: number | null;
  /** Upload over connections that may cost the viewer money, too. */
  readonly p2pCellular: boolean;
  /** No peer may learn the viewer's address. */
  readonly p2pPrivacy: boolean;
}

/** The viewer's connection, as far as the browser tells: Firefox and WebKit tell nothing. */
export interface ConnectionView {
  readonly saveData?: boolean;
  readonly type?: string;
  readonly effectiveType?: string;
}

/** What is known of the viewer from before. */
export interface VisitView {
  /** Bytes that earlier players of this visit uploaded. */
  readonly uploadedBytes: number;
  /** What the line could upload when it was measured last, in kbit/s. */
  readonly knownUploadKbps: number | null;
}

/** Decides. Whoever pays by the byte, wants to save them or has a very slow line takes without giving. */
export function p2pPolicy(wishes: P2pWishes, connection: ConnectionView | undefined, visit: VisitView): SwarmPolicy {
  const limit = positive(wishes.maxUploadMb);
  const left = limit === null ? null : Math.max(0, limit * 1e6 - visit.uploadedBytes);
  const spares = left === 0 || (isPrecious(connection) && !wishes.p2pCellular);
  return {
    mode: modeOf(wishes, spares),
    maxUploadKbps: positive(wishes.maxUploadKbps),
    maxUploadBytes: left,
    knownUploadKbps: visit.knownUploadKbps,
  };
}

function modeOf({ p2p, p2pPrivacy }: P2pWishes, spares: boolean): SwarmPolicy['mode'] {
  if (p2p === 'off' || p2pPrivacy) return 'off';
  return p2p === 'download-only' || spares ? 'download-only' : 'on';
}

function isPrecious(connection: ConnectionView | undefined): boolean {
  if (!connection) return false;
  const { saveData, type, effectiveType } = connection;
  return saveData === true || type === 'cellular' || effectiveType === '2g' || effectiveType === 'slow-2g';
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

/** The browser's own view of the connection, with its `change` event, where there is one. */
export function viewersConnection(): (ConnectionView & EventTarget) | undefined {
  // Not in TypeScript's DOM: https://wicg.github.io/netinfo/
  const connection: unknown = Reflect.get(navigator, 'connection');
  return connection instanceof EventTarget ? connection : undefined;
}
