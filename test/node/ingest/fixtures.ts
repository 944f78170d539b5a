// Small recordings made by ffmpeg once a run, and the pieces that every ingest test needs.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type Ingest, type IngestOptions, startIngest } from '../../../ingest/ingest.ts';
import type { Log } from '../../../ingest/sources/source.ts';
import { FakeRelay, PUBLISH_KEY } from './fake-relay.ts';

/** A folder that is removed after the tests of the file. */
export const folder = mkdtempSync(join(tmpdir(), 'p2p-live-ingest-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const made = new Map<string, string>();

/** A recording of a moving test picture and a tone: a keyframe each half second. `name` ends in .flv, .m2ts or .m3u8. */
export function recording(name: string, seconds: number, extra: readonly string[] = []): string {
  const path = join(folder, name);
  if (made.has(path)) return path;
  const format = name.endsWith('.flv') ? 'flv' : name.endsWith('.m3u8') ? 'hls' : 'mpegts';
  const args = ['-hide_banner', '-loglevel', 'error', '-y'];
  args.push(
    '-f',
    'lavfi',
    '-i',
    `testsrc=size=160x90:rate=20`,
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=440:sample_rate=48000',
  );
  args.push('-t', String(seconds), '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '10');
  // Without this ffmpeg writes 192-byte packets to files of this ending.
  if (format === 'mpegts') args.push('-mpegts_m2ts_mode', '0');
  args.push('-b:v', '300k', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '48k', ...extra, '-f', format, path);
  execFileSync('ffmpeg', args, { cwd: folder });
  made.set(path, path);
  return path;
}

/** Everything that was logged, and a way to look for it. */
export class TestLog implements Log {
  lines: { level: string; message: string; data: object }[] = [];
  debug = this.#at('debug');
  info = this.#at('info');
  warn = this.#at('warn');
  error = this.#at('error');

  has(pattern: RegExp): boolean {
    return this.lines.some(line => pattern.test(line.message));
  }

  #at(level: string) {
    return (data: object, message: string): void => {
      this.lines.push({ level, message, data });
    };
  }
}

/** Waits until `check` gives something. */
export async function until<T>(what: string, check: () => T | undefined | false, timeoutMs = 15_000): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = check();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms for: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

/** A server on a free port, closed after the test file. */
export async function serve(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // a TCP server has no other address
  return { url: `http://127.0.0.1:${port}`, server };
}

const running = new Set<Ingest>();
after(async () => {
  for (const ingest of running) await ingest.stop();
});

/** An ingest with short waits, against a fake relay unless `connect` is given. */
export function ingestTo(
  relay: FakeRelay | undefined,
  options: Partial<IngestOptions> & Pick<IngestOptions, 'source'>,
) {
  const log = new TestLog();
  const ingest = startIngest({
    channel: 'test/one',
    connect: (relay ?? new FakeRelay()).connect,
    publishKey: PUBLISH_KEY,
    secretKey: new Uint8Array(32).fill(7),
    log,
    backoff: { firstMs: 20, capMs: 100 },
    ...options,
  });
  running.add(ingest);
  void ingest.done.then(() => running.delete(ingest));
  return { ingest, log };
}
