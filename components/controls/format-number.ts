// Numbers and times, in the digits and plural forms of a language.

import type { Strings } from '../strings.ts';

/** A number as the language of `strings` writes it. */
export function formatNumber(
  { locale }: Pick<Strings, 'locale'>,
  value: number,
  options: Intl.NumberFormatOptions,
): string {
  return new Intl.NumberFormat(locale, options).format(value);
}

/** `0.9s`. */
export function formatSeconds(strings: Strings, seconds: number): string {
  const digits = 1;
  return formatNumber(strings, Math.max(0, seconds), {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'narrow',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Seconds as `m:ss` or `h:mm:ss`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return whole < 3600 ? `${minutes}:${two(whole)}` : `${Math.floor(minutes / 60)}:${two(minutes)}:${two(whole)}`;
}

/** Whole seconds in words: `1 minute 23 seconds`. */
export function speakSeconds(strings: Pick<Strings, 'locale'>, seconds: number): string {
  const whole = Math.round(seconds);
  const counts = { hour: Math.floor(whole / 3600), minute: Math.floor(whole / 60) % 60, second: whole % 60 };
  return Object.entries(counts)
    .filter(([unit, count]) => count > 0 || (unit === 'second' && whole === 0))
    .map(([unit, count]) => formatNumber(strings, count, { style: 'unit', unit, unitDisplay: 'long' }))
    .join(' ');
}
