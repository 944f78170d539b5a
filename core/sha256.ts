// SHA-256 (FIPS 180-4): small, and at once where WebCrypto's answer would have to be waited for.

import type { Bytes } from './bytes.ts';

const BLOCK = 64;

const fraction = (root: number) => (root % 1) * 2 ** 32;
const primes: number[] = [];
for (let n = 2; primes.length < 64; n++) if (primes.every(prime => n % prime)) primes.push(n);
/** The first 32 bits of the fractional parts of the primes' cube and square roots (§4.2.2, §5.3.3). */
const K = Uint32Array.from(primes, prime => fraction(Math.cbrt(prime)));
const START = Uint32Array.from(primes.slice(0, 8), prime => fraction(Math.sqrt(prime)));

const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by));

/** The 32-byte hash of a message. */
export function sha256(message: Bytes): Bytes {
  const { length } = message;
  // The tail: what is left of the message, a one bit, zeros, and the length in bits.
  const whole = length - (length % BLOCK);
  const tail = new Uint8Array(length - whole + 9 > BLOCK ? 2 * BLOCK : BLOCK);
  tail.set(message.subarray(whole));
  tail[length - whole] = 0x80;
  const end = new DataView(tail.buffer);
  end.setUint32(tail.length - 8, length / 2 ** 29);
  end.setUint32(tail.length - 4, length << 3);
  const state = START.slice();
  digest(state, new DataView(message.buffer, message.byteOffset, whole));
  digest(state, end);
  const hash = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 8; i++) hash.setUint32(4 * i, state[i]!);
  return new Uint8Array(hash.buffer);
}

const w = new Uint32Array(64);

/** Takes whole blocks into the state (§6.2.2). */
function digest(state: Uint32Array, blocks: DataView): void {
  for (let at = 0; at < blocks.byteLength; at += BLOCK) {
    for (let t = 0; t < 16; t++) w[t] = blocks.getUint32(at + 4 * t);
    for (let t = 16; t < 64; t++) {
      const [x, y] = [w[t - 15]!, w[t - 2]!];
      const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
      const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
      w[t] = w[t - 16]! + s0 + w[t - 7]! + s1;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as Eight; // there are eight
    for (let t = 0; t < 64; t++) {
      const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const t1 = (h + big1 + ((e & f) ^ (~e & g)) + K[t]! + w[t]!) | 0;
      const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const t2 = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    const sums = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i++) state[i]! += sums[i]!;
  }
}

type Eight = [number, number, number, number, number, number, number, number];
