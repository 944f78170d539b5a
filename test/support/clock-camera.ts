// A camera for tests that shows the time, so that whoever sees its picture can tell how old it is. Runs in the page, before its own scripts.

import { CLOCK_BITS, CLOCK_STRIP } from '../../demo/test-picture.ts';

/**
 * A script for the page: every camera shows a clock that `Viewer.pictureLatency` reads, and beside it a disc of this colour. Microphones stay what
 * they are. The clock is drawn as the frame is captured.
 */
export function clockCamera(colour: string): string {
  // What runs the tests names functions by this.
  const named = 'const __name = named => named;';
  return `{ ${named} (${install})(${JSON.stringify({ colour, bits: CLOCK_BITS, strip: CLOCK_STRIP })}); }`;
}

interface Clock {
  readonly colour: string;
  readonly bits: number;
  readonly strip: typeof CLOCK_STRIP;
}

/** Must not use anything from outside: its source goes to the page. */
function install({ colour, bits, strip }: Clock): void {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async wish => {
    const { video = false, audio = false } = wish ?? {};
    if (!video) return ask(wish);
    const { width = {}, height = {}, frameRate = {} } = typeof video === 'object' ? video : {};
    const ideal = (range: ConstrainULong, fallback: number) =>
      typeof range === 'object' ? Number(range.ideal ?? fallback) : Number(range);
    const canvas = new OffscreenCanvas(ideal(width, 320), ideal(height, 240));
    const pen = canvas.getContext('2d');
    // Chromium's, of which TypeScript knows nothing.
    const { MediaStreamTrackGenerator: Generator } = globalThis as unknown as {
      MediaStreamTrackGenerator: new (options: {
        kind: 'video';
      }) => MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };
    };
    const track = new Generator({ kind: 'video' });
    const writer = track.writable.getWriter();
    if (!pen) throw new DOMException('no canvas', 'NotReadableError');
    const draw = () => {
      if (track.readyState !== 'live') {
        clearInterval(timer);
        return;
      }
      const now = Math.floor(Date.now() / 10) % 2 ** bits;
      const gray = now ^ (now >>> 1);
      pen.fillStyle = '#223';
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.fillStyle = '#000';
      pen.fillRect(0, 0, canvas.width, canvas.height * (strip.bottom + strip.top));
      const step = ((strip.right - strip.left) * canvas.width) / bits;
      pen.fillStyle = '#fff';
      for (let bit = 0; bit < bits; bit++)
        if ((gray >>> bit) & 1)
          pen.fillRect(strip.left * canvas.width + bit * step, 0, step, canvas.height * (strip.bottom + strip.top));
      pen.fillStyle = colour;
      pen.beginPath();
      pen.arc(canvas.width / 2, canvas.height * 0.6, canvas.height * 0.22, 0, 7);
      pen.fill();
      void writer.write(new VideoFrame(canvas, { timestamp: performance.now() * 1_000 })).catch(() => undefined); // closed
    };
    const timer = setInterval(draw, 1_000 / ideal(frameRate, 15));
    draw();
    const sound = audio ? (await ask({ audio })).getAudioTracks() : [];
    return new MediaStream([track, ...sound]);
  };
}
