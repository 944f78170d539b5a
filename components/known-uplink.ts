// Remembers what the viewer's line can upload, so that the next visit need not find out again.

const KEY = 'p2p-live:uplink';
const LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** Where it is kept; pages without storage throw on reaching for it. */
export type StorageSource = () => Pick<Storage, 'getItem' | 'setItem'>;

const ownStorage: StorageSource = () => localStorage;

/** kbit/s, or null when nothing (younger than a week) is known. `now`: Unix milliseconds. */
export function recallUplink(now: number, storage = ownStorage): number | null {
  try {
    const kept: unknown = JSON.parse(storage().getItem(KEY) ?? 'null');
    if (typeof kept !== 'object' || kept === null || !('kbps' in kept) || !('date' in kept)) return null;
    const { kbps, date } = kept;
    if (typeof kbps !== 'number' || !(kbps > 0) || typeof date !== 'string') return null;
    const age = now - Date.parse(date);
    return age >= 0 && age < LIFETIME_MS ? kbps : null;
  } catch {
    // No storage here, or somebody else's words in it: as if nothing were known.
    return null;
  }
}

/** Keeps `kbps`, as measured at `now` (Unix milliseconds). */
export function rememberUplink(kbps: number, now: number, storage = ownStorage): void {
  try {
    storage().setItem(KEY, JSON.stringify({ kbps: Math.round(kbps), date: new Date(now).toISOString() }));
  } catch {
    // Full or forbidden: the next visit measures again.
  }
}
