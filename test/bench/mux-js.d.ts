// The part of mux.js that the benchmark uses; the package has no types.

declare module 'mux.js' {
  interface Segment {
    readonly type: string;
    readonly data: Uint8Array;
  }
  class Transmuxer {
    constructor(options: { keepOriginalTimestamps: boolean; remux: boolean });
    on(event: 'data', listener: (segment: Segment) => void): void;
    push(bytes: Uint8Array): void;
    flush(): void;
  }
  const muxjs: { readonly mp4: { readonly Transmuxer: typeof Transmuxer } };
  export default muxjs;
}
