// A microphone's samples by way of an AudioWorklet, for browsers without MediaStreamTrackProcessor.

import type { RawSound, Send } from './publish-messages.ts';

/** Runs in the worklet: gathers about 10 ms and hands them over. */
const WORKLET = `registerProcessor('p2p-publish', class extends AudioWorkletProcessor {
  #parts = []
  #size = 0
  process([planes]) {
    if (planes.length) {
      this.#parts.push(planes.map(plane => plane.slice()))
      this.#size += planes[0].length
    }
    if (this.#size >= sampleRate / 100) {
      const whole = this.#parts[0].map((_, channel) => {
        const plane = new Float32Array(this.#size)
        let at = 0
        for (const part of this.#parts) { plane.set(part[channel] ?? part[0], at); at += part[0].length }
        return plane
      })
      this.port.postMessage({ planes: whole, sampleRate, time: (currentTime - this.#size / sampleRate) * 1e6 })
      this.#parts = []
      this.#size = 0
    }
    return true
  }
})`;

/** Sends sound as it comes; returns what ends it. */
export function captureSound(track: MediaStreamTrack, send: Send): () => void {
  const context = new AudioContext({ latencyHint: 'interactive' });
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const url = URL.createObjectURL(new Blob([WORKLET], { type: 'text/javascript' }));
  const begin = async () => {
    await context.audioWorklet.addModule(url);
    const node = new AudioWorkletNode(context, 'p2p-publish', { numberOfOutputs: 1 });
    node.port.addEventListener('message', ({ data }: MessageEvent<RawSound>) => {
      const buffers = data.planes.map(plane => plane.buffer);
      if (context.state !== 'closed') send({ type: 'sound', sound: data }, buffers);
    });
    node.port.start();
    source.connect(node).connect(context.destination); // it puts out silence, but runs only when it is connected
    await context.resume();
  };
  begin()
    .catch(() => {}) // closed meanwhile, or a policy forbids it: silence is sent
    .finally(() => URL.revokeObjectURL(url));
  return () => {
    source.disconnect();
    void context.close();
  };
}
