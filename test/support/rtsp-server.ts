// A camera for tests: a real RTSP server, which GStreamer makes.

import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { Program } from './program.ts';

/** A running camera. */
export interface Camera {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one. Debian's own Python has the bindings, whichever is first on PATH. */
export async function startCamera(): Promise<Camera> {
  const port = await freePort();
  const script = fileURLToPath(new URL('rtsp-server.py', import.meta.url));
  const program = new Program('/usr/bin/python3', [script, `${port}`]);
  await program.says(/the camera is on/);
  return { url: `rtsp://127.0.0.1:${port}/camera`, stop: () => program.stop('SIGKILL').then(() => {}) };
}
