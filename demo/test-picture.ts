// The moving test picture of the sample channel: a running clock for people, the same clock as blocks for machines, and a tone.

/** Blocks of the machine-readable clock: bit i of the Gray code of the Unix time in 10 ms steps, least significant first. */
export const CLOCK_BITS = 17;

/** Where the blocks are, as fractions of the picture: a strip along its upper edge, clear of a player's controls, from `left` to `right`. */
export const CLOCK_STRIP = { left: 0.05, right: 0.95, top: 0.03, bottom: 0.07 } as const;

/** Size, rate and cost of the test picture. */
export interface TestPicture {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** Video bits per second. */
  readonly bitrate: number;
  /** A line of text in the picture; letters, digits and spaces only. */
  readonly title: string;
  /** Whether this ffmpeg can draw text. */
  readonly text: boolean;
  /** `wall`: as fast as the clock runs, showing Unix time. `running`: as fast as it can be encoded, counting from zero. */
  readonly clock: 'wall' | 'running';
}

/** The sample channel's picture. */
export const SAMPLE_PICTURE: TestPicture = {
  width: 854,
  height: 480,
  framesPerSecond: 25,
  bitrate: 1_500_000,
  title: 'p2p-live sample channel',
  text: true,
  clock: 'wall',
};

/** Arguments for ffmpeg that make the test picture and a tone; the caller adds format and output. */
export function testPictureArguments(picture: TestPicture): string[] {
  const { width, height, framesPerSecond, bitrate } = picture;
  const pace = picture.clock === 'wall' ? ['-re'] : [];
  const source = `gradients=size=${width}x${height}:rate=${framesPerSecond}:c0=0x0b1026:c1=0x1f3b73:c2=0x5b2a86:nb_colors=3:speed=0.02:seed=7`;
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin'],
    ...[...pace, '-f', 'lavfi', '-i', source],
    ...[...pace, '-f', 'lavfi', '-i', 'sine=frequency=330:beep_factor=2:sample_rate=48000'],
    ...['-filter_complex', `[0:v]${videoFilters(picture)}[v];[1:a]volume=0.25,pan=stereo|c0=c0|c1=c0[a]`],
    ...['-map', '[v]', '-map', '[a]', '-pix_fmt', 'yuv420p'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'main'],
    ...['-b:v', `${bitrate}`, '-maxrate', `${bitrate}`, '-bufsize', `${Math.round(bitrate / 2)}`],
    ...['-g', `${framesPerSecond}`, '-keyint_min', `${framesPerSecond}`, '-sc_threshold', '0'],
    ...['-c:a', 'aac', '-b:a', '96k', '-flush_packets', '1', '-muxdelay', '0'],
  ];
}

function videoFilters(picture: TestPicture): string {
  const { width, height, text } = picture;
  const size = Math.round(height / 9);
  const filters = picture.clock === 'wall' ? ['setpts=RTCTIME/(TB*1000000)'] : [];
  const disc = Math.round(height / 12);
  filters.push(
    `drawbox=x=${width / 2}-${disc / 2}+${Math.round(width * 0.35)}*sin(2*PI*t/4):y=${Math.round(height * 0.68)}:w=${disc}:h=${disc}:color=0x7fd1ff@0.9:t=fill`,
  );
  if (text) {
    const clock = '%{pts\\:gmtime\\:0\\:%H\\\\\\:%M\\\\\\:%S}.%{eif\\:mod(t*10\\,10)\\:d\\:1}';
    filters.push(
      `drawtext=text='${picture.title.replace(/[^A-Za-z0-9 -]/g, '')}':fontcolor=white@0.85:fontsize=${Math.round(size * 0.5)}:x=(w-tw)/2:y=h*0.2`,
      `drawtext=text='${clock}':fontcolor=white:fontsize=${size * 2}:x=w*0.17:y=h*0.36`,
    );
  }
  filters.push(...clockBlocks(width, height), 'setpts=PTS-STARTPTS');
  return filters.join(',');
}

function clockBlocks(width: number, height: number): string[] {
  const { left, right, top, bottom } = CLOCK_STRIP;
  const step = ((right - left) * width) / CLOCK_BITS;
  const y = Math.round(top * height);
  const h = Math.round((bottom - top) * height);
  const margin = Math.round(step / 4);
  const blocks = [
    `drawbox=x=${Math.round(left * width) - margin}:y=${y - margin}:w=${Math.round((right - left) * width) + 2 * margin}:h=${h + 2 * margin}:color=black:t=fill`,
  ];
  for (let bit = 0; bit < CLOCK_BITS; bit++) {
    // The highest bit of a Gray code is the number's own.
    const above = bit + 1 < CLOCK_BITS ? `+floor(t*100/${2 ** (bit + 1)})` : '';
    const on = `mod(floor(t*100/${2 ** bit})${above},2)`;
    blocks.push(
      `drawbox=x=${Math.round(left * width + bit * step)}:y=${y}:w=${Math.ceil(step)}:h=${h}:color=white:t=fill:enable='${on}'`,
    );
  }
  return blocks;
}

/**
 * Reads the clock back from a picture's brightness: `brightness(x, y)` takes fractions of the picture and gives 0–255.
 * Returns Unix time modulo 2^17 × 10 ms, in ms, or `undefined` when a block is neither black nor white.
 */
export function readPictureClock(brightness: (x: number, y: number) => number): number | undefined {
  const { left, right, top, bottom } = CLOCK_STRIP;
  let value = 0;
  let previous = 0;
  for (let bit = CLOCK_BITS - 1; bit >= 0; bit--) {
    const level = brightness(left + ((bit + 0.5) * (right - left)) / CLOCK_BITS, (top + bottom) / 2);
    if (level > 90 && level < 165) return undefined;
    previous ^= level >= 165 ? 1 : 0;
    value = value * 2 + previous;
  }
  return value * 10;
}

/** How long ago the picture was drawn, given the clock read from it and the Unix time now, both in ms. */
export function pictureAge(clock: number, now: number): number {
  const period = 2 ** CLOCK_BITS * 10;
  return (((now - clock) % period) + period) % period;
}
