// Reads the command line of the simulator.

import { parseArgs } from 'node:util';
import { DEFAULTS, type Settings } from './settings.ts';

/** What was asked for. */
export interface Options {
  readonly settings: Settings;
  readonly json: boolean;
  /** Where the picture goes; undefined: a new file in the folder for temporary files. */
  readonly svg: string | undefined;
  /** Compare with the study of push trees instead. */
  readonly study: boolean;
  readonly help: boolean;
}

/** Shown by `--help`, and with every mistake. */
export const USAGE = `npm run simulate -- [options]: a broadcast to many viewers, with the real scheduler and coordinator, in simulated time.
  --viewers N          how many watch at most (${DEFAULTS.viewers})
  --minutes M          simulated time (${DEFAULTS.minutes}); from 2 on with a flash crowd, a restart of the relay and an exodus
  --seed S             the same seed, the same run (${DEFAULTS.seed})
  --rate KBPS          of the stream (${DEFAULTS.rateKbps})
  --chunk BYTES        payload of a chunk (${DEFAULTS.chunkBytes})
  --stripes K          push trees (${DEFAULTS.stripes})
  --loss SHARE         of packets (${DEFAULTS.loss})
  --unconnectable P    share of pairs that can't connect (${DEFAULTS.unconnectable})
  --jitter MS          deviation of a packet's delay (${DEFAULTS.jitterMs})
  --uplinks KIND       mixed (20 % none) or tight (all 1.5 x the stream)
  --latency MS         from capture to use (${DEFAULTS.latencyMs})
  --no-source-peer     nobody feeds the swarm while the relay is away
  --trace N            follow N late chunks back to the relay (small audiences)
  --no-churn           nobody leaves
  --events on|off      flash crowd, restart, exodus
  --svg FILE           where the picture goes
  --study              no churn, no loss: compared with the study of push trees
  --json               the last line is one JSON object`;

/** Reads the options. Throws `TypeError` or `RangeError` on what can't be meant. */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      viewers: text,
      minutes: text,
      seed: text,
      rate: text,
      chunk: text,
      stripes: text,
      loss: text,
      unconnectable: text,
      jitter: text,
      uplinks: text,
      latency: text,
      'no-churn': flag,
      'no-source-peer': flag,
      events: text,
      trace: text,
      svg: text,
      study: flag,
      json: flag,
      help: flag,
    },
  });
  const number = (name: keyof typeof values & string, usual: number, low: number, high: number): number => {
    const given = values[name];
    const value = given === undefined ? usual : Number(given);
    if (value >= low && value <= high) return value;
    throw new RangeError(`--${name} ${String(given)}: from ${low} to ${high}`);
  };
  const { uplinks = DEFAULTS.uplinks, events = 'on' } = values;
  if (uplinks !== 'mixed' && uplinks !== 'tight') throw new RangeError(`--uplinks ${uplinks}: mixed or tight`);
  if (events !== 'on' && events !== 'off') throw new RangeError(`--events ${events}: on or off`);
  const rateKbps = number('rate', DEFAULTS.rateKbps, 50, 20_000);
  return {
    settings: {
      viewers: Math.round(number('viewers', DEFAULTS.viewers, 1, 200_000)),
      minutes: number('minutes', DEFAULTS.minutes, 0.25, 60),
      seed: Math.round(number('seed', DEFAULTS.seed, 0, 2 ** 31 - 1)),
      rateKbps,
      chunkBytes: Math.round(number('chunk', DEFAULTS.chunkBytes, 500, 16_000)),
      stripes: Math.round(number('stripes', DEFAULTS.stripes, 1, 16)),
      loss: number('loss', DEFAULTS.loss, 0, 0.5),
      unconnectable: number('unconnectable', DEFAULTS.unconnectable, 0, 1),
      jitterMs: number('jitter', DEFAULTS.jitterMs, 0, 100),
      uplinks,
      uplinkRateKbps: rateKbps,
      churn: !values['no-churn'],
      events: events === 'on',
      latencyMs: number('latency', DEFAULTS.latencyMs, 200, 10_000),
      sourcePeer: !values['no-source-peer'] && !values.study,
      trace: Math.round(number('trace', DEFAULTS.trace, 0, 1_000)),
      exactUplinks: false,
    },
    json: values.json,
    svg: values.svg,
    study: values.study,
    help: values.help,
  };
}
