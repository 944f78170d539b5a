// Prints what was measured of the players, for people.

import type { ElementFigures } from './element-figures.ts';
import { PLAYERS } from './players.ts';

const ROWS: readonly (readonly [string, keyof ElementFigures])[] = [
  ['script to load, KB (min+gzip)', 'size_kb'],
  ['first frame, ms', 'first_frame_ms'],
  ['main thread, ms a minute', 'main_thread_ms_per_minute'],
  ['memory of the page’s process, MB', 'memory_mb'],
  ['JavaScript heap (main thread), MB', 'js_heap_mb'],
  ['whole browser, CPU ms a minute', 'browser_cpu_ms_per_minute'],
  ['pictures shown, share', 'frames_shown'],
];

export function elementTable(figures: ElementFigures): string {
  const head = Math.max(...ROWS.map(([title]) => title.length));
  const line = (title: string, cells: readonly string[]) =>
    [title.padEnd(head), ...cells.map((cell, index) => cell.padStart(PLAYERS[index]!.length + 2))].join(''); // one each
  return [
    line('', PLAYERS),
    ...ROWS.map(([title, name]) =>
      line(
        title,
        PLAYERS.map(player => String(figures[name][player] ?? '–')),
      ),
    ),
  ].join('\n');
}
