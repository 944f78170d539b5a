// A stream that a page makes for tests: a clock in the picture, and once a second a flash and a beep at the same moment.

import { CLOCK_BITS, CLOCK_STRIP } from '../../demo/test-picture.ts';
import type { TestPage } from './browser.ts';

const PERIOD_MS = 1_000;
const FLASH_MS = 200;

/** The loader of the tests' TypeScript calls this around functions with a name. */
const NAMED = 'globalThis.__name = value => value';

/** Makes the stream in the page, and leaves it there as `globalThis.flashAndBeep`. */
export async function makeFlashAndBeep({ page }: TestPage): Promise<void> {
  await page.evaluate(NAMED);
  await page.evaluate(
    async (bits, strip, period, flash) => {
      const canvas = document.createElement('canvas');
      canvas.width = 640;
      canvas.height = 360;
      const pen = canvas.getContext('2d')!; // every browser has it
      const sound = new AudioContext();
      await sound.resume();
      const output = sound.createMediaStreamDestination();
      const tone = new OscillatorNode(sound, { frequency: 1_000 });
      const gain = new GainNode(sound, { gain: 0 });
      tone.connect(gain).connect(output);
      tone.start();
      let beeped = Math.floor(Date.now() / period);
      const draw = () => {
        const now = Date.now();
        const { width, height } = canvas;
        pen.fillStyle = `hsl(${(now / 40) % 360} 40% 30%)`;
        pen.fillRect(0, 0, width, height);
        const isFlash = now % period < flash;
        pen.fillStyle = isFlash ? '#fff' : '#000';
        pen.fillRect(width * 0.25, height * 0.3, width * 0.5, height * 0.5);
        const second = Math.floor(now / period);
        if (isFlash && second > beeped) {
          beeped = second;
          const left = (flash - (now % period)) / 1_000;
          gain.gain.setValueAtTime(0.5, sound.currentTime);
          gain.gain.setValueAtTime(0, sound.currentTime + left);
        }
        const count = Math.floor(now / 10) % 2 ** bits;
        const step = ((strip.right - strip.left) * width) / bits;
        pen.fillStyle = '#000';
        pen.fillRect(0, 0, width, strip.bottom * height + 6);
        pen.fillStyle = '#fff';
        for (let bit = 0; bit < bits; bit++) {
          const isOn = (Math.floor(count / 2 ** bit) + Math.floor(count / 2 ** (bit + 1))) % 2 === 1;
          const x = strip.left * width + bit * step;
          if (isOn) pen.fillRect(x, strip.top * height, Math.ceil(step), (strip.bottom - strip.top) * height);
        }
      };
      setInterval(draw, 33);
      const stream = canvas.captureStream(30);
      stream.addTrack(output.stream.getAudioTracks()[0]!); // a destination has one
      Reflect.set(globalThis, 'flashAndBeep', stream);
    },
    CLOCK_BITS,
    { ...CLOCK_STRIP },
    PERIOD_MS,
    FLASH_MS,
  );
}

/** How many ms after each flash its beep is heard on the page of a viewer, negative: before it; at least `count` of them, or what `seconds` bring. */
export async function listenForBeeps({ page }: TestPage, count = 5, seconds = 12): Promise<number[]> {
  await page.evaluate(NAMED);
  return page.evaluate(
    async (count, duration) => {
      const video = document.querySelector('p2p-live')?.shadowRoot?.querySelector('video');
      if (!video) throw new Error('no video');
      const sound = new AudioContext({ latencyHint: 'interactive' });
      await sound.resume();
      const module = `registerProcessor('onset', class extends AudioWorkletProcessor {
      quiet = true; since = 0;
      process([input]) {
        const peak = Math.max(...(input[0] ?? [0]).map(Math.abs));
        if (peak > 0.1 && this.quiet && currentTime - this.since > 0.4) this.port.postMessage(currentTime);
        this.quiet = peak <= 0.1;
        if (!this.quiet) this.since = currentTime;
        return true;
      }
    });`;
      await sound.audioWorklet.addModule(URL.createObjectURL(new Blob([module], { type: 'text/javascript' })));
      const ear = new AudioWorkletNode(sound, 'onset');
      sound.createMediaElementSource(video).connect(ear).connect(sound.destination);
      const beeps: number[] = [];
      ear.port.onmessage = ({ data }) => beeps.push(data * 1_000);
      // What the audio clock says at a moment, seen as often as can be: it moves in steps, so the least difference is right.
      let offset = Number.POSITIVE_INFINITY;
      const flashes: number[] = [];
      const canvas = new OffscreenCanvas(8, 8);
      const pen = canvas.getContext('2d', { willReadFrequently: true })!; // every browser has it
      let isDark = false;
      const look = (_now: number, { expectedDisplayTime }: VideoFrameCallbackMetadata) => {
        pen.drawImage(video, video.videoWidth * 0.4, video.videoHeight * 0.45, 40, 40, 0, 0, 8, 8);
        const isBright = (pen.getImageData(4, 4, 1, 1).data[0] ?? 0) > 128;
        if (isBright && isDark) flashes.push(expectedDisplayTime);
        isDark = !isBright;
        video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
      const pairs = () =>
        beeps.flatMap(beep => {
          const near = flashes.map(flash => beep + offset - flash).filter(late => Math.abs(late) < 450);
          return near.length > 0 ? [near.reduce((a, b) => (Math.abs(a) < Math.abs(b) ? a : b))] : [];
        });
      const end = performance.now() + duration * 1_000;
      while (performance.now() < end && pairs().length < count) {
        offset = Math.min(offset, performance.now() - sound.currentTime * 1_000);
        await new Promise(resolve => setTimeout(resolve, 5));
      }
      return pairs();
    },
    count,
    seconds,
  );
}
