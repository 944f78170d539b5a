// What this viewer's network lets through, as far as its own ICE candidates tell (RFC 8445 §5.1.1, RFC 4787 §4.1).

import type { Millis } from '../../core/time.ts';
import type { NatKind } from '../../core/wire/quality-report.ts';

/** STUN servers have answered by then, if they ever do. */
const GATHERED_MS: Millis = 10_000;
/** Of so many sockets the mapped ports are remembered. */
const MAX_SOCKETS = 64;

/** Takes the candidates of all attempts to connect. `now` is of any steady clock. */
export class NatSense {
  /** The relay names STUN or TURN servers. */
  hasServers = false;
  /** A peer has been connected with. */
  hasPeer = false;
  #firstAt: Millis | undefined;
  #isOpen = false;
  #isMapped = false;
  #isSymmetric = false;
  /** By attempt and socket: the port that the first STUN server saw. */
  readonly #ports = new Map<string, string>();

  /** Takes a candidate as it is told to the peer: JSON of an RTCIceCandidateInit. */
  candidate(attempt: number, json: string, now: Millis): void {
    this.#firstAt ??= now;
    const [, line] = /"candidate":"(?:candidate:)?([^"]*)"/.exec(json) ?? [];
    const [foundation, , protocol, , address = '', port = '', , type, ...rest] = (line ?? '').split(' ');
    if (protocol?.toLowerCase() !== 'udp') return;
    if (type === 'host' && isPublic(address)) this.#isOpen = true;
    if (type !== 'srflx') return;
    this.#isMapped = true;
    // Browsers that hide the socket's own address still give all candidates of one network the same foundation.
    const socket = `${attempt} ${foundation} ${rest.slice(0, 4).join(' ')}`;
    const known = this.#ports.get(socket);
    if (known !== undefined && known !== port) this.#isSymmetric = true;
    if (this.#ports.size >= MAX_SOCKETS) this.#ports.clear();
    this.#ports.set(socket, port);
  }

  kind(now: Millis): NatKind {
    if (this.#isOpen) return 'open';
    if (this.#isSymmetric) return 'symmetric';
    if (this.#isMapped) return 'cone';
    const isLate = this.#firstAt !== undefined && now - this.#firstAt >= GATHERED_MS;
    return isLate && this.hasServers && !this.hasPeer ? 'blocked' : 'unknown';
  }
}

/** Whether an address can be reached from anywhere: none that is private, of this link or machine, or hidden behind a name. */
function isPublic(address: string): boolean {
  if (address.includes(':')) return /^[23]/.test(address);
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(address)) return false;
  return !/^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(address);
}
