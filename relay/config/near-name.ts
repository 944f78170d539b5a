// Finds what somebody meant who misspelt a name.

/** The name among `known` that is nearest to `name`, if any is near: written otherwise (`log_level`), or one or two letters off. */
export function nearName(name: string, known: Iterable<string>): string | undefined {
  const meant = plain(name);
  let best: string | undefined;
  let least = Math.min(2, Math.floor(meant.length / 3)) + 1;
  for (const one of known) {
    const distance = editDistance(meant, plain(one));
    if (distance >= least) continue;
    best = one;
    least = distance;
  }
  return best;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** Letters to add, remove, replace, or swap with their neighbours: optimal string alignment. */
function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1)); // the rows are full up to j
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, older[j - 2]! + 1);
      row.push(cost);
    }
    older = last;
    last = row;
  }
  return last[b.length]!; // one entry for each letter, and one
}
