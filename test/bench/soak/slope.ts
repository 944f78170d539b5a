// Whether figures grow with time, told apart from their ups and downs.

/** The median of the slopes between all pairs of samples (Theil and Sen), in units of y a unit of x; NaN for fewer than two. */
export function medianSlope(samples: readonly (readonly [x: number, y: number])[]): number {
  const slopes = samples
    .flatMap(([x, y], index) => samples.slice(index + 1).map(([otherX, otherY]) => (otherY - y) / (otherX - x)))
    .sort((a, b) => a - b);
  const middle = slopes.length / 2;
  return ((slopes[Math.floor(middle)] ?? Number.NaN) + (slopes[Math.ceil(middle) - 1] ?? Number.NaN)) / 2;
}
