// Live sources for tests, made by a real encoder: HTTP-FLV, HTTP-TS, growing files and live HLS.

import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPath } from '../../demo/find-program.mjs';
import { type TestPicture, testPictureArguments } from '../../demo/test-picture.ts';

/** Small enough for several encoders and browsers on two cores. */
export const TEST_PICTURE: TestPicture = {
  width: 640,
  height: 360,
  framesPerSecond: 25,
  bitrate: 1_000_000,
  title: 'p2p-live test',
  text: true,
  clock: 'wall',
};

/** A source that runs until it is stopped. */
export interface LiveSource {
  /** What to hand to the ingester: a URL or a path. */
  readonly source: string;
  /** Kills the encoder. An HTTP source also stops listening. */
  kill(): Promise<void>;
}

function encode(output: readonly string[], picture: TestPicture): ChildProcess {
  const ffmpeg = onPath('ffmpeg');
  if (!ffmpeg) throw new Error('no ffmpeg on PATH');
  return spawn(ffmpeg, [...testPictureArguments(picture), ...output], { stdio: ['ignore', 'pipe', 'inherit'] });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('close', () => resolve());
  });
}

/** An HTTP server whose every request is answered by a live encoder, as FLV or TS. `port` 0 picks a free one. */
export async function httpSource(
  format: 'flv' | 'mpegts',
  port = 0,
  picture = TEST_PICTURE,
): Promise<LiveSource & { port: number }> {
  const encoders = new Set<ChildProcess>();
  const server: Server = createServer((_, response) => {
    const child = encode(['-f', format, 'pipe:1'], picture);
    encoders.add(child);
    response.writeHead(200, { 'content-type': 'application/octet-stream' }); // on purpose says nothing of the format
    child.stdout?.pipe(response);
    response.on('close', () => child.kill('SIGKILL'));
    child.on('close', () => encoders.delete(child));
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo; // a TCP server's address is an object
  return {
    port: bound,
    source: `http://127.0.0.1:${bound}/live`,
    async kill() {
      for (const child of encoders) child.kill('SIGKILL');
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** A file that an encoder is still writing. */
export function growingFile(format: 'flv' | 'mpegts', picture = TEST_PICTURE): LiveSource {
  const folder = mkdtempSync(join(tmpdir(), 'p2p-live-growing-'));
  const path = join(folder, format === 'flv' ? 'live.flv' : 'live.m2ts');
  // A name that ends in .m2ts would make ffmpeg write Blu-ray packets, in which AAC has no stream type.
  const muxing = format === 'mpegts' ? ['-mpegts_m2ts_mode', '0'] : [];
  const child = encode(['-f', format, ...muxing, '-y', path], picture);
  return {
    source: path,
    async kill() {
      child.kill('SIGKILL');
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Live HLS: TS segments of a second and a sliding playlist, on an HTTP server. */
export async function hlsSource(picture = TEST_PICTURE): Promise<LiveSource> {
  const folder = mkdtempSync(join(tmpdir(), 'p2p-live-hls-'));
  const hls = [
    '-f',
    'hls',
    '-hls_time',
    '1',
    '-hls_list_size',
    '5',
    '-hls_flags',
    'delete_segments+independent_segments',
  ];
  const child = encode(
    [...hls, '-hls_segment_filename', join(folder, 'segment-%d.ts'), join(folder, 'live.m3u8')],
    picture,
  );
  const server = createServer((request, response) => {
    const path = join(folder, (request.url ?? '/').split('?')[0]!.replaceAll('..', ''));
    try {
      const { size } = statSync(path);
      response.writeHead(200, { 'content-length': size });
      createReadStream(path)
        .on('error', () => response.destroy())
        .pipe(response);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is an object
  return {
    source: `http://127.0.0.1:${port}/live.m3u8`,
    async kill() {
      child.kill('SIGKILL');
      await ended(child);
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
