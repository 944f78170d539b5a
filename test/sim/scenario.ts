// Who comes and goes, and when: a steady audience, a flash crowd, a restart of the relay, an exodus.

import type { Millis } from '../../core/time.ts';
import type { Random } from './random.ts';
import type { Settings } from './settings.ts';

/** Part of a run, from one second to another. */
export interface Phase {
  readonly name: 'start' | 'steady' | 'flash crowd' | 'relay restart' | 'exodus';
  readonly from: number;
  readonly to: number;
}

/** A run's plan, in seconds from its start. */
export interface Scenario {
  /** When viewers come: one number each, ascending. */
  readonly arrivals: readonly number[];
  /** The relay is gone from `stop` to `start`. */
  readonly restart: { readonly stop: number; readonly start: number } | undefined;
  readonly exodus: { readonly at: number; readonly share: number } | undefined;
  readonly crowd: { readonly at: number; readonly seconds: number } | undefined;
  readonly phases: readonly Phase[];
}

const START_S = 20;
const CROWD_SHARE = 0.1;
const CROWD_S = 10;
const DOWN_S = 2;
const EXODUS_SHARE = 0.3;
/** How long an event counts as the cause of what happens. */
const AFTERMATH_S = 15;
/** Shorter runs have no events. */
const EVENTS_FROM_MINUTES = 2;

/** Half of the viewers stay longer than this. */
export const MEDIAN_STAY_S = 300;

/** Lays out a run. */
export function planScenario(settings: Settings, random: Random): Scenario {
  const seconds = settings.minutes * 60;
  const hasEvents = settings.events && settings.minutes >= EVENTS_FROM_MINUTES;
  const crowdSize = hasEvents ? Math.round(settings.viewers * CROWD_SHARE) : 0;
  const audience = settings.viewers - crowdSize;
  const startS = Math.min(START_S, seconds / 3);
  const arrivals = Array.from({ length: audience }, (_, i) => ((i + random.next()) / audience) * startS);
  if (settings.churn) {
    // Those who come later make up for those who leave.
    const perSecond = (audience * Math.LN2) / MEDIAN_STAY_S;
    for (let at = startS; at < seconds; ) {
      at += random.exponential(1 / perSecond);
      arrivals.push(at);
    }
  }
  if (!hasEvents) {
    const phases: Phase[] = [
      { name: 'start', from: 0, to: Math.round(startS) },
      { name: 'steady', from: Math.round(startS), to: seconds },
    ];
    return { arrivals, restart: undefined, exodus: undefined, crowd: undefined, phases };
  }
  const at = (share: number): number => Math.round(seconds * share);
  const crowd = { at: at(1 / 3), seconds: CROWD_S };
  for (let i = 0; i < crowdSize; i++) arrivals.push(crowd.at + random.next() * CROWD_S);
  const stop = at(0.56);
  const leave = at(0.78);
  return {
    arrivals: arrivals.sort((a, b) => a - b),
    crowd,
    restart: { stop, start: stop + DOWN_S },
    exodus: { at: leave, share: EXODUS_SHARE },
    phases: [
      { name: 'start', from: 0, to: START_S },
      { name: 'steady', from: START_S, to: crowd.at },
      { name: 'flash crowd', from: crowd.at, to: crowd.at + CROWD_S + 5 },
      { name: 'steady', from: crowd.at + CROWD_S + 5, to: stop - 1 },
      // Chunks captured just before it are still on their way to the relay.
      { name: 'relay restart', from: stop - 1, to: stop + AFTERMATH_S },
      { name: 'steady', from: stop + AFTERMATH_S, to: leave },
      { name: 'exodus', from: leave, to: Math.min(seconds, leave + AFTERMATH_S) },
      { name: 'steady', from: Math.min(seconds, leave + AFTERMATH_S), to: seconds },
    ],
  };
}

/** When a viewer leaves: this long after it came. */
export function drawStay(random: Random): Millis {
  return random.exponential((MEDIAN_STAY_S * 1_000) / Math.LN2);
}
