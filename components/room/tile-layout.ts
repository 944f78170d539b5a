// How large the tiles of a room are: the size at which a number of them fills a box best.

/** What is to be filled, in pixels. */
export interface TileBox {
  readonly width: number;
  readonly height: number;
  /** Between two tiles. */
  readonly gap: number;
}

/** Rows of `columns` tiles each, the last row maybe shorter; sizes in whole pixels. */
export interface TileLayout {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
}

/** Width by height of a tile in a wide box, and in one that is higher than wide: there most cameras are upright, too. Pictures of other proportions are cut at their edges. */
const PROPORTIONS = {
  wide: { least: 1, ideal: 4 / 3, most: 16 / 9 },
  high: { least: 3 / 4, ideal: 3 / 4, most: 16 / 9 },
} as const;

type Limits = Readonly<Record<'least' | 'most', number>>;

/** The layout with the largest tiles, where a tile counts less the more its proportions differ from the ideal. `count` is at least 1. */
export function layoutTiles(count: number, box: TileBox): TileLayout {
  const proportions = PROPORTIONS[box.width >= box.height ? 'wide' : 'high'];
  const { ideal } = proportions;
  const worth = ({ width, height }: TileLayout) =>
    width * height * Math.sqrt(Math.min(width / height / ideal, (ideal * height) / width));
  const [first, ...others] = Array.from({ length: count }, (_, i) =>
    fit(i + 1, Math.ceil(count / (i + 1)), box, proportions),
  );
  if (!first) throw new RangeError(`no layout for ${count} tiles`);
  return others.reduce((best, layout) => (worth(layout) > worth(best) ? layout : best), first);
}

function fit(columns: number, rows: number, { width, height, gap }: TileBox, { least, most }: Limits): TileLayout {
  const widest = (width - gap * (columns - 1)) / columns;
  const tallest = (height - gap * (rows - 1)) / rows;
  return {
    columns,
    rows,
    width: Math.max(1, Math.floor(Math.min(widest, tallest * most))),
    height: Math.max(1, Math.floor(Math.min(tallest, widest / least))),
  };
}
