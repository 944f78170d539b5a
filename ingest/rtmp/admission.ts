// How many encoders may be connected: in all, and from one address.

import { isIPv6 } from 'node:net';

/** Connections that may be there at once. */
export interface AdmissionLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

export const DEFAULT_ADMISSION: AdmissionLimits = { connections: 1_024, connectionsPerAddress: 64 };

/** Counts connections; whoever has one of IPv6 has 2^64 of them, so these count as one. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #perAddress = new Map<string, number>();
  #count = 0;

  constructor(limits: AdmissionLimits = DEFAULT_ADMISSION) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#count;
  }

  /** Lets one in: what must be called when it leaves. Else a sentence on why not. */
  enter(address: string): (() => void) | string {
    const { connections, connectionsPerAddress } = this.#limits;
    if (this.#count >= connections) return `${connections} connections are there already`;
    const network = networkOf(address);
    const here = this.#perAddress.get(network) ?? 0;
    if (here >= connectionsPerAddress) return `${connectionsPerAddress} connections from ${network} are there already`;
    this.#perAddress.set(network, here + 1);
    this.#count++;
    return () => this.#leave(network);
  }

  #leave(network: string): void {
    this.#count--;
    const left = (this.#perAddress.get(network) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(network, left);
    else this.#perAddress.delete(network);
  }
}

function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('%')[0]!.split('::'); // split gives at least one
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...first, ...Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0'), ...last];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
