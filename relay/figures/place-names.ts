// Names of time zones as viewers tell them: only those that exist, each by one name.

import { MAX_PLACE } from '../../core/wire/quality-report.ts';

/** There are about 600, with their other names. */
const MAX_KNOWN = 2_000;

const known = new Map<string, string>();

/** The zone's own name, such as `Europe/Berlin`; empty for what is none. */
export function placeOf(name: string): string {
  const found = known.get(name);
  if (found !== undefined) return found;
  const place = lookUp(name);
  if (known.size >= MAX_KNOWN) known.clear();
  if (place !== '') known.set(name, place);
  return place;
}

function lookUp(name: string): string {
  if (!/^[A-Za-z]/.test(name) || name.length > MAX_PLACE) return ''; // neither offsets nor nothing
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return '';
  }
}
