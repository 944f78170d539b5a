// Runs the benchmark again inside of netlab's namespaces, and finds its way there.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { onPath } from '../../../demo/find-program.mjs';
import { labPlace, type Place } from './place.ts';
import type { LabOptions } from './swarm-options.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SYSCTL = 'net.ipv4.tcp_congestion_control';
const ALLOWED = 'net.ipv4.tcp_allowed_congestion_control';

/** netlab's arguments: the network, then the command that runs in it. */
export function netlabArguments(netlab: string, hosts: number, lab: LabOptions, command: readonly string[]): string[] {
  const numbers = (['rtt', 'jitter', 'loss', 'up', 'down'] as const).flatMap(name => [`--${name}`, `${lab[name]}`]);
  return [netlab, '--hosts', `${hosts}`, ...numbers, '--', ...command];
}

/** Starts this very command in the lab, and settles with its exit code. Says what is missing if it can't. */
export async function enterLab(hosts: number, lab: LabOptions, args: readonly string[]): Promise<number> {
  const netlab = resolve(lab.netlab ?? `${ROOT}/../shared/netlab/netlab.py`);
  if (!existsSync(netlab)) throw new Error(`--lab needs netlab.py, and ${netlab} is not there: use --netlab PATH`);
  const python = onPath('python3');
  if (!python || !onPath('ip')) throw new Error('--lab needs python3 and ip (iproute2): please install them');
  if (process.getuid?.() !== 0) throw new Error('--lab needs root: network namespaces are made');
  if (!existsSync('/dev/net/tun')) throw new Error('--lab needs /dev/net/tun, which this machine does not have');
  if (said('ip', ['netns', 'pids', 'lab0']))
    throw new Error('somebody uses the lab already (there are programs in the namespace lab0)');
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1, 3), ...args];
  const child = spawn(python, netlabArguments(netlab, hosts, lab, again), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill('SIGINT'));
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('exit', code => settle(code ?? 1));
  });
}

/** The place that netlab has made for us, and the congestion control that holds there; undefined outside of it. */
export function insideLab(hosts: number, lab: LabOptions): { place: Place; tcp: string } | undefined {
  const { LAB_SERVER: server, LAB_HOSTS: there } = process.env;
  if (server === undefined || there === undefined) return undefined;
  if (Number(there) < hosts) throw new Error(`this lab has ${there} hosts for ${hosts} viewers`);
  if (lab.tcp !== 'as-is') setCongestionControl(hosts, lab.tcp);
  const found = new Set<string>();
  for (let host = 0; host <= hosts; host++) found.add(inNamespace(`lab${host}`, ['sysctl', '-n', SYSCTL]) ?? 'unknown');
  return { place: labPlace(server), tcp: [...found].join(', ') };
}

// Only what the whole machine allows to everybody may be set in a namespace. It is allowed for this moment only.
function setCongestionControl(hosts: number, name: string): void {
  const allowed = said('sysctl', ['-n', ALLOWED]) ?? '';
  const missing = !allowed.split(' ').includes(name);
  if (missing) said('sysctl', ['-qw', `${ALLOWED}=${allowed} ${name}`]);
  try {
    for (let host = 0; host <= hosts; host++) {
      if (inNamespace(`lab${host}`, ['sysctl', '-qw', `${SYSCTL}=${name}`]) === undefined)
        throw new Error(`--tcp ${name}: this kernel doesn't have it, or won't set it in a namespace (--tcp as-is?)`);
    }
  } finally {
    if (missing) said('sysctl', ['-qw', `${ALLOWED}=${allowed}`]);
  }
}

/** What a command says in a namespace; undefined when it fails. */
const inNamespace = (name: string, command: readonly string[]) => said('ip', ['netns', 'exec', name, ...command]);

function said(command: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
