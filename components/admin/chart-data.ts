// Columns of figures -> what uPlot draws, and what is said of them.

/** One line, or one layer of a stack. `colour` is the name of a custom property, without its dashes. */
export interface ChartSeries {
  readonly label: string;
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

/** A chart: `stacked` layers add up to the uppermost. */
export interface ChartContent {
  readonly title: string;
  /** Unix milliseconds, ascending; as long as each of the series. */
  readonly at: readonly number[];
  /** What the time axis shows, Unix milliseconds. */
  readonly span: { readonly from: number; readonly to: number };
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  readonly stacked?: boolean;
  /** The axis reaches at least so far. */
  readonly least: number;
  /** It ends there: a share's 1. */
  readonly most?: number;
}

/** Seconds first, then the columns as they are drawn: of a stack the sums, the uppermost first, so that the lower ones cover it. */
export function drawnColumns({ at, series, stacked }: ChartContent): [number[], ...(number | null)[][]] {
  const times = at.map(ms => ms / 1_000);
  if (!stacked) return [times, ...series.map(({ values }) => [...values])];
  const sums: (number | null)[] = at.map(() => null);
  const layers = series.map(({ values }) => {
    values.forEach((value, index) => {
      if (value !== null) sums[index] = (sums[index] ?? 0) + value;
    });
    return [...sums];
  });
  return [times, ...layers.reverse()];
}

/** The index of the newest point of which anything is known; -1 for none. */
export function newestIndex({ at, series }: ChartContent): number {
  for (let index = at.length - 1; index >= 0; index--)
    if (series.some(({ values }) => isKnown(values[index]))) return index;
  return -1;
}

/** The smallest and the largest of a series; null where nothing is known. */
export function extremes(values: readonly (number | null)[]): { least: number; most: number } | null {
  const some = values.filter(isKnown);
  return some.length > 0 ? { least: Math.min(...some), most: Math.max(...some) } : null;
}

/** Where the axis ends: a little above the highest, on a round number with a round half. */
export function axisEnd(highest: number, { least, most }: Pick<ChartContent, 'least' | 'most'>): number {
  if (most !== undefined) return most;
  const wanted = Math.max(least, highest * 1.08);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 4, 6, 8, 10].find(step => step * power >= wanted) ?? 10) * power;
}

/** The points that stand alone, of which no line can be drawn. */
export function lonePoints(values: readonly (number | null | undefined)[]): number[] {
  return values.flatMap((value, index) =>
    isKnown(value) && !isKnown(values[index - 1]) && !isKnown(values[index + 1]) ? index : [],
  );
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}
