// Gives neighbours names that people can tell apart.

const STARS =
  'Vega Altair Rigel Deneb Mira Capella Sirius Castor Pollux Spica Atlas Electra Maia Merope Alcor Mizar Algol Adhara Regulus Polaris Hamal Izar Kochab Menkar Naos Nashira Phact Procyon Sabik Sadr Saiph Shaula Talitha Thuban Tarazed Wezen Zosma Zaurak Alya Ankaa Antares Arcturus Canopus Chara Dubhe Enif Furud Gienah Jabbah Keid Kraz Lesath Meissa Mimosa Nihal Okul Peacock Scheat Seginus Sheliak Alioth Alcyone Navi Tania'.split(
    ' ',
  );

/** A peer keeps its name as long as it is there; two at the same time never share one. */
export class StarNames {
  #names = new Map<string, string>();

  /** Names those who are there now, and forgets the others. */
  name(ids: readonly string[]): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    for (const id of ids) {
      const known = this.#names.get(id);
      if (known) names.set(id, known);
    }
    const taken = new Set(names.values());
    for (const id of ids) {
      if (names.has(id)) continue;
      const name = freeName(id, taken);
      taken.add(name);
      names.set(id, name);
    }
    this.#names = names;
    return names;
  }
}

function freeName(id: string, taken: ReadonlySet<string>): string {
  const first = scatter(id) % STARS.length;
  for (let step = 0; step < STARS.length; step++) {
    const name = STARS[(first + step) % STARS.length]!;
    if (!taken.has(name)) return name;
  }
  return id.slice(0, 6);
}

/** A number that looks random but is always the same for `text` (FNV-1a, 32 bits). */
export function scatter(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
