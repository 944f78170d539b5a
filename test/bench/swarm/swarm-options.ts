// What `npm run bench -- swarm` may be told, and what it means.

import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run bench -- swarm [options]
  --viewers 8       how many watch, each in a Chromium of its own (6 in the lab)
  --seconds 60      length of the run of each player, from the first viewer's start; the first 20 s are warm-up
  --only NAME       p2p-live or p2p-media-loader, not both
  --churn           30 % of the viewers leave and others join each minute
  --built           takes dist/ as it is, even when sources are newer
  --json            one JSON object as the last line
In a lab of network namespaces (needs root, python3 and netlab.py):
  --lab             --netlab ../shared/netlab/netlab.py   where netlab.py is
  --rtt 50  --jitter 5  --loss 1   ms, ms, per cent       --up 2.4  --down 20   Mbit/s of each viewer
  --tcp cubic       congestion control of TCP in the lab; "as-is" leaves it`;

/** Bits per second of the stream, picture and sound. */
export const STREAM_BITS = 1_600_000;

/** The players that are compared. */
export const PLAYERS = ['p2p-live', 'p2p-media-loader'] as const;
export type PlayerName = (typeof PLAYERS)[number];

/** Everything that a run depends on. Rates in Mbit/s, times in ms, loss in per cent. */
export interface SwarmOptions {
  readonly viewers: number;
  readonly seconds: number;
  readonly players: readonly PlayerName[];
  readonly churn: boolean;
  readonly built: boolean;
  readonly json: boolean;
  readonly lab: LabOptions | undefined;
}

export interface LabOptions {
  readonly netlab: string | undefined;
  readonly rtt: number;
  readonly jitter: number;
  readonly loss: number;
  readonly up: number;
  readonly down: number;
  readonly tcp: string;
}

/** Throws a RangeError that says what would be accepted. */
export function readSwarmOptions(args: readonly string[]): SwarmOptions {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ viewers: text, seconds: text, only: text, churn: flag, built: flag, json: flag },
      ...{ lab: flag, netlab: text, rtt: text, jitter: text, loss: text, up: text, down: text, tcp: text },
    },
  });
  const number = (name: 'viewers' | 'seconds' | 'rtt' | 'jitter' | 'loss' | 'up' | 'down', usual: number, from = 0) => {
    const value = values[name] === undefined ? usual : Number(values[name]);
    if (!(value >= from && value <= 10_000))
      throw new RangeError(`--${name} ${values[name]}: a number from ${from} on`);
    return value;
  };
  const viewers = number('viewers', values.lab ? 6 : 8, 2);
  if (!Number.isInteger(viewers) || viewers > 60) throw new RangeError(`--viewers ${viewers}: a whole number, 2 to 60`);
  const only = PLAYERS.find(name => name === values.only);
  if (values.only !== undefined && !only) throw new RangeError(`--only ${values.only}: ${PLAYERS.join(' or ')}`);
  const { lab, netlab, tcp = 'cubic' } = values;
  const up = number('up', (STREAM_BITS * 1.5) / 1e6);
  return {
    viewers,
    seconds: number('seconds', 60, 30),
    players: only ? [only] : PLAYERS,
    churn: values.churn,
    built: values.built,
    json: values.json,
    lab: lab
      ? {
          ...{ netlab, tcp, up, down: number('down', 20) },
          ...{ rtt: number('rtt', 50), jitter: number('jitter', 5), loss: number('loss', 1) },
        }
      : undefined,
  };
}
