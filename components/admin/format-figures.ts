// Figures -> words for people. What is not known is a dash.

import { formatRate } from '../stats/format-traffic.ts';

export { formatRate };

export const UNKNOWN = '–';

type Figure = number | null | undefined;

const known = (figure: Figure, format: (figure: number) => string): string =>
  figure === null || figure === undefined || !Number.isFinite(figure) ? UNKNOWN : format(figure);

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `5.56 GB`, `212 MB`: three figures are enough. */
export function formatBytes(bytes: Figure): string {
  return known(bytes, value => {
    const step = Math.min(BYTES.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
    const scaled = value / 1_000 ** step;
    const digits = step === 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
    return `${scaled.toFixed(digits)} ${BYTES[step]}`;
  });
}

/** `12,345`. */
export const formatCount = (count: Figure) => known(count, value => Math.round(value).toLocaleString('en'));
/** `97 %` of a share from 0 to 1. */
export const formatShare = (share: Figure) => known(share, value => `${Math.round(value * 100)} %`);
/** `1.9 Mbit/s` of kbit/s. */
export const formatKbps = (kbps: Figure) => known(kbps, value => formatRate((value * 1_000) / 8));
/** `840 ms`, `1.2 s`. */
export const formatMs = (ms: Figure) =>
  known(ms, value => (value < 999.5 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`));
/** `1.25`, `0`. */
export const formatSmall = (value: Figure) =>
  known(value, small => (small === 0 ? '0' : small < 0.005 ? '<0.01' : small.toFixed(small < 10 ? 2 : 1)));

/** `3 d 4 h`, `2 h 05 min`, `4:09 min` of milliseconds: two places are enough. */
export function formatDuration(ms: Figure): string {
  return known(ms, value => {
    const seconds = Math.max(0, Math.floor(value / 1_000));
    const [minutes, hours, days] = [
      Math.floor(seconds / 60),
      Math.floor(seconds / 3_600),
      Math.floor(seconds / 86_400),
    ];
    const two = (count: number) => String(count).padStart(2, '0');
    if (days > 0) return `${days} d ${hours % 24} h`;
    if (hours > 0) return `${hours} h ${two(minutes % 60)} min`;
    return minutes > 0 ? `${minutes}:${two(seconds % 60)} min` : `${seconds} s`;
  });
}

const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const clockShort = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

/** `21 Nov 2026, 19:15` of Unix milliseconds, in the reader's time zone. */
export const formatDate = (at: Figure) => known(at, value => dateTime.format(value));
/** `19:15:04`. */
export const formatClock = (at: Figure) => known(at, value => clock.format(value));
/** `19:15`. */
export const formatClockShort = (at: Figure) => known(at, value => clockShort.format(value));
