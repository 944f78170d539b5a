// Reads bit fields and Exp-Golomb codes, most significant bit first.

/** Never throws: past the end every field reads as 0 and `overrun` becomes true, so a parser checks once, at its end. */
export class BitReader {
  /** More bits were asked for than there are. */
  overrun = false;
  readonly #bytes: Uint8Array;
  /** Position of the next bit. */
  #at: number;

  constructor(bytes: Uint8Array, byteOffset = 0) {
    this.#bytes = bytes;
    this.#at = byteOffset * 8;
  }

  /** Bits not read yet. */
  get left(): number {
    return this.#bytes.length * 8 - this.#at;
  }

  /** Offset of the byte that holds the next bit. */
  get byteOffset(): number {
    return this.#at >> 3;
  }

  bit(): number {
    const at = this.#at++;
    const byte = this.#bytes[at >> 3];
    if (byte === undefined) {
      this.overrun = true;
      return 0;
    }
    return (byte >> (7 - (at & 7))) & 1;
  }

  flag(): boolean {
    return this.bit() === 1;
  }

  /** An unsigned field of at most 32 bits. */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }

  skip(count: number): void {
    this.#at += count;
    if (this.#at > this.#bytes.length * 8) this.overrun = true;
  }

  /** Goes on at the next whole byte. */
  align(): void {
    this.#at = (this.#at + 7) & ~7;
  }

  /** ue(v): unsigned Exp-Golomb (ISO/IEC 14496-10 §9.1). */
  ue(): number {
    let zeros = 0;
    while (!this.flag()) {
      if (this.overrun || ++zeros > 32) {
        this.overrun = true;
        return 0;
      }
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v): signed Exp-Golomb. */
  se(): number {
    const code = this.ue();
    return code & 1 ? (code + 1) / 2 : -code / 2;
  }
}
