// Debian's coturn on loopback, as an operator would put it beside a relay.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPath } from '../../demo/find-program.mjs';
import { freePort } from './free-port.ts';
import { Program } from './program.ts';

/** A running TURN server with one user, `viewer` with the password `secret`. */
export interface TurnServer {
  readonly url: string;
  /** What it has logged so far. */
  readonly log: string;
  stop(): Promise<void>;
}

/** Starts one; throws when coturn isn't installed. */
export async function startTurnServer(): Promise<TurnServer> {
  const command = onPath('turnserver');
  if (!command) throw new Error('no turnserver on PATH: install coturn');
  const folder = mkdtempSync(join(tmpdir(), 'p2p-live-turn-'));
  const port = await freePort();
  const program = new Program(command, [
    ...['-n', '--verbose', '--log-file=stdout', '--simple-log', `--pidfile=${join(folder, 'pid')}`],
    ...[`--userdb=${join(folder, 'turndb')}`, '--no-cli', '--no-tls', '--no-dtls', '--no-multicast-peers'],
    ...[`--listening-port=${port}`, '--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', '--allow-loopback-peers'],
    ...['--lt-cred-mech', '--realm=p2p-live', '--user=viewer:secret', '--fingerprint'],
  ]);
  const url = `turn:127.0.0.1:${port}?transport=udp`;
  await program.says(/UDP listener opened on: 127\.0\.0\.1/);
  return {
    url,
    get log() {
      return program.output;
    },
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
