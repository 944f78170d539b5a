// Tells systemd that the relay is ready, where it asks for that (Type=notify).

import { spawn } from 'node:child_process';
import process from 'node:process';

/** Says so through systemd-notify: neither runtime can write to a datagram socket of Unix. Does nothing where nobody asks. */
export function tellReady(status: string): void {
  if (!process.env.NOTIFY_SOCKET) return;
  const child = spawn('systemd-notify', ['--ready', `--status=${status}`], { stdio: 'ignore' });
  child.on('error', error =>
    process.stderr.write(`p2p-live-relay: systemd is not told that the relay is ready: ${error.message}\n`),
  );
}
