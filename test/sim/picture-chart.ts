// One chart of the simulator's picture: a title, axes with units, lines with their names, and bands for events.

/** Width of the picture, and heights of its charts, in pixels. */
export const WIDTH = 960;
export const HEIGHTS = [230, 130, 130, 80];

const LEFT = 76;
const RIGHT = 24;
const GRID = '#e5e9ef';
const FAINT = '#5b6675';
const INK = '#1b2430';

export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** The unit. */
  readonly label: string;
  readonly isLogarithmic?: boolean;
}

export interface Line {
  readonly label: string;
  readonly colour: string;
  /** One for each second; null where there is nothing. */
  readonly values: readonly (number | null)[];
  readonly isFilled?: boolean;
}

export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** Lines across, with a name. */
  readonly rules: readonly { readonly at: number; readonly label: string }[];
  /** Bands from one second to another. */
  readonly marks: readonly { readonly from: number; readonly to: number; readonly label: string }[];
}

/** Where a chart stands, and which of what all have in common it names. */
export interface Placing {
  readonly top: number;
  readonly height: number;
  readonly namesEvents: boolean;
  readonly namesTime: boolean;
}

/** Draws a chart. */
export function drawChart(chart: Chart, { top, height, namesEvents, namesTime }: Placing): string {
  const plotTop = top + 34;
  const bottom = plotTop + height;
  const right = WIDTH - RIGHT;
  const x = scale(chart.x, LEFT, right);
  const y = scale(chart.y, bottom, plotTop);
  const parts = [`<text x="40" y="${top + 20}" font-size="14" font-weight="600">${chart.title}</text>`];
  for (const { from, to } of chart.marks) {
    parts.push(
      `<rect x="${x(from)}" y="${plotTop}" width="${fixed(x(to) - x(from))}" height="${height}" fill="#f3f0e6"/>`,
      `<line x1="${x(from)}" x2="${x(from)}" y1="${plotTop}" y2="${bottom}" stroke="#b8a66b" stroke-dasharray="3 3"/>`,
    );
  }
  for (const tick of chart.y.ticks) {
    parts.push(
      `<line x1="${LEFT}" x2="${right}" y1="${y(tick)}" y2="${y(tick)}" stroke="${GRID}"/>`,
      `<text x="${LEFT - 8}" y="${fixed(y(tick) + 4)}" font-size="11.5" fill="${FAINT}" text-anchor="end">${tick.toLocaleString('en')}${chart.y.label && ` ${chart.y.label}`}</text>`,
    );
  }
  for (const line of chart.lines) parts.push(drawLine(line, chart.y, x, y, bottom));
  for (const { at, label } of chart.rules) {
    parts.push(
      `<line x1="${LEFT}" x2="${right}" y1="${y(at)}" y2="${y(at)}" stroke="${INK}" stroke-dasharray="6 4" stroke-width="1.2"/>`,
      `<text x="${right - 4}" y="${fixed(y(at) - 6)}" font-size="11.5" text-anchor="end" stroke="#fff" stroke-width="3" paint-order="stroke">${label}</text>`,
    );
  }
  parts.push(`<line x1="${LEFT}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="${FAINT}"/>`);
  for (const tick of chart.x.ticks) {
    parts.push(
      `<line x1="${x(tick)}" x2="${x(tick)}" y1="${bottom}" y2="${bottom + 4}" stroke="${FAINT}"/>`,
      `<text x="${x(tick)}" y="${bottom + 17}" font-size="11.5" fill="${FAINT}" text-anchor="middle">${tick}</text>`,
    );
  }
  if (namesTime) {
    parts.push(
      `<text x="${(LEFT + right) / 2}" y="${bottom + 34}" font-size="12" fill="${FAINT}" text-anchor="middle">${chart.x.label}</text>`,
    );
  }
  for (const { from, label } of namesEvents ? chart.marks : []) {
    parts.push(
      `<text x="${fixed(x(from) + 5)}" y="${plotTop + 14}" font-size="11.5" fill="#7a6a2f" stroke="#fff" stroke-width="3" paint-order="stroke">${label}</text>`,
    );
  }
  parts.push(legend(chart.lines, right, top + 20));
  return parts.join('\n');
}

type Scale = (value: number) => number;

function scale({ low, high, isLogarithmic }: Axis, from: number, to: number): Scale {
  const measure = (value: number) => (isLogarithmic ? Math.log10(value) : value);
  const span = measure(high) - measure(low);
  return value => fixed(from + ((measure(value) - measure(low)) / span) * (to - from));
}

// A value of a second stands in its middle; where there is none, the line breaks.
function drawLine({ values, colour, isFilled }: Line, axis: Axis, x: Scale, y: Scale, bottom: number): string {
  const runs: string[][] = [];
  let run: string[] | undefined;
  for (const [second, value] of values.entries()) {
    if (value === null) {
      run = undefined;
      continue;
    }
    if (!run) runs.push((run = []));
    run.push(`${x(second + 0.5)},${y(Math.min(axis.high, value))}`);
  }
  return runs
    .map(points => {
      const first = points[0]!.split(',')[0];
      const last = points.at(-1)!.split(',')[0];
      const area = `<path d="M${first},${bottom} L${points.join(' L')} L${last},${bottom} Z" fill="${colour}" opacity="0.12"/>`;
      const stroke = `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.8" stroke-linejoin="round"/>`;
      return isFilled ? `${area}\n${stroke}` : stroke;
    })
    .join('\n');
}

function legend(lines: readonly Line[], right: number, y: number): string {
  if (lines.length < 2) return '';
  return lines
    .map(({ label, colour }, i) => {
      const at = right - (lines.length - i) * 62;
      return `<line x1="${at}" x2="${at + 20}" y1="${y - 4}" y2="${y - 4}" stroke="${colour}" stroke-width="3"/><text x="${at + 26}" y="${y}" font-size="12">${label}</text>`;
    })
    .join('\n');
}

function fixed(value: number): number {
  return Math.round(value * 10) / 10;
}
