// Follows PAT and PMTs and tells which programme is to be played.

import { type Bytes, equalBytes } from '../../bytes.ts';
import { elementaryKind } from './elementary-kind.ts';
import { type ProgramMap, parsePat, parsePmt, SectionAssembler } from './psi.ts';
import { isScrambled, PACKET_SIZE, PAT_PID, payloadStart, startsUnit } from './ts-packet.ts';

/** A programme whose map has not come by the time its PAT was seen this often is not waited for. */
const PATIENCE = 3;

interface MapSlot {
  readonly number: number;
  readonly assembler: SectionAssembler;
  map: ProgramMap | undefined;
}

/** The programme that is played, and what the packets that announce it are made of. */
export interface Program {
  readonly map: ProgramMap;
  readonly pmtPid: number;
  readonly transportStream: number;
}

/** Of several programmes the lowest with a stream of video is chosen, else the lowest; it stays chosen while the PAT lists it. */
export class ProgramReader {
  readonly #pat = new SectionAssembler();
  #patSections: Bytes[] = [];
  #patSeen = 0;
  #transportStream = 0;
  /** By PID. Several programmes may share one. */
  #slots = new Map<number, MapSlot[]>();
  #program: Program | undefined;
  /** Sections that failed their CRC since this was last read by the owner. */
  damaged = 0;

  /** The programme that is played, once known. */
  get program(): Program | undefined {
    return this.#program;
  }

  /** Whether packets of this PID belong here. */
  handles(pid: number): boolean {
    return pid === PAT_PID || this.#slots.has(pid);
  }

  /** Takes a packet of such a PID; true when `program` has changed. */
  push(bytes: Bytes, at: number, pid: number): boolean {
    if (isScrambled(bytes, at)) return false;
    const payload = bytes.subarray(payloadStart(bytes, at), at + PACKET_SIZE);
    if (payload.length === 0) return false;
    if (pid === PAT_PID) return this.#takePat(payload, startsUnit(bytes, at));
    let changed = false;
    for (const slot of this.#slots.get(pid) ?? []) {
      const { sections, damaged } = slot.assembler.push(payload, startsUnit(bytes, at));
      this.damaged += damaged;
      for (const section of sections) changed = this.#takeMap(slot, section) || changed;
    }
    return changed;
  }

  /** Bytes are missing: incomplete sections are forgotten, tables are kept. */
  gap(): void {
    this.#pat.reset();
    for (const slots of this.#slots.values()) for (const slot of slots) slot.assembler.reset();
  }

  #takePat(payload: Bytes, unit: boolean): boolean {
    const { sections, damaged } = this.#pat.push(payload, unit);
    this.damaged += damaged;
    let changed = false;
    for (const section of sections) {
      const pat = parsePat(section);
      if (!pat) continue;
      if (pat.number === 0) this.#patSeen++;
      const known = this.#patSections[pat.number];
      if (!known || !equalBytes(known, section)) {
        if (this.#patSections.length !== pat.last + 1) this.#patSections = new Array<Bytes>(pat.last + 1);
        this.#patSections[pat.number] = section;
        this.#transportStream = pat.transportStream;
        this.#list();
      }
      changed = this.#choose() || changed;
    }
    return changed;
  }

  // Keeps the maps of programmes that are still listed at the same PID.
  #list(): void {
    const before = this.#slots;
    this.#slots = new Map();
    this.#patSeen = 1;
    for (const section of this.#patSections) {
      for (const { number, pid } of (section && parsePat(section)?.programs) ?? []) {
        const kept = before.get(pid)?.find(slot => slot.number === number);
        const slots = this.#slots.get(pid) ?? [];
        slots.push(kept ?? { number, assembler: new SectionAssembler(), map: undefined });
        this.#slots.set(pid, slots);
      }
    }
  }

  #takeMap(slot: MapSlot, section: Bytes): boolean {
    if (slot.map && equalBytes(slot.map.section, section)) return false;
    const map = parsePmt(section);
    if (!map || map.program !== slot.number) return false;
    slot.map = map;
    return this.#choose();
  }

  #choose(): boolean {
    const all = [...this.#slots].flatMap(([pid, slots]) => slots.map(slot => ({ pid, slot })));
    all.sort((a, b) => a.slot.number - b.slot.number);
    const current = all.find(
      ({ pid, slot }) => pid === this.#program?.pmtPid && slot.number === this.#program.map.program,
    );
    let chosen = current;
    if (!chosen) {
      const waiting = all.findIndex(({ slot }) => !slot.map);
      const video = all.findIndex(({ slot }) =>
        slot.map?.streams.some(stream => elementaryKind(stream).type === 'video'),
      );
      const patient = this.#patSeen < PATIENCE;
      // A lower programme whose map has not come yet might have video too.
      if (patient && waiting >= 0 && (video < 0 || waiting < video)) return false;
      chosen = all[video >= 0 ? video : all.findIndex(({ slot }) => slot.map)];
    }
    const map = chosen?.slot.map;
    if (!chosen || !map || map === this.#program?.map) return false;
    this.#program = { map, pmtPid: chosen.pid, transportStream: this.#transportStream };
    return true;
  }
}
