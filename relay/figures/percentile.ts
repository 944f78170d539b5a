// The value below which a share of others lies.

/** The nearest of the values themselves; null when there are none. Sorts them in place. */
export function percentile(values: number[], share: number): number | null {
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? null;
}
