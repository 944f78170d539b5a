// Opens what an earlier run has left: a finished recording as it is; one that was cut off is made whole, and the log says so.

import { appendFile, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataScanner } from '../../core/recording/data-scanner.ts';
import { decodeIndex, type IndexedGroup } from '../../core/recording/group-index.ts';
import {
  RECORDING_END_SIZE,
  type RecordingEnd,
  readRecordingEnd,
  recordingEnd,
} from '../../core/recording/recording-end.ts';
import type { RecordingName } from '../../core/recording/recording-id.ts';
import type { Millis } from '../../core/time.ts';
import { encodeMessage, MAX_BODY } from '../../core/wire/framing.ts';
import type { Log } from '../log.ts';
import { removeRecording } from './disk.ts';
import { type FinishedRecording, finishedRecording, writeIndex } from './finished-recording.ts';
import { readAt, scanData, withFile } from './read-data.ts';

/** What is longer can't be the rest of one message that was cut off: the file is damaged otherwise. */
const MAX_REST = MAX_BODY + 16;
/** The head and an init document are in so much, most times. */
const FRONT = 8_192;
/** Of one that is being written something new comes within this time. */
const STILL_MS: Millis = 2_000;

/** Resolves to nothing when there is nothing to play; the log says why. Rejects when the files can't be read. */
export async function openRecording(
  directory: string,
  name: RecordingName,
  log: Log,
): Promise<FinishedRecording | undefined> {
  const recording = `${name.channel}/${name.stamp}`;
  const path = join(directory, 'data');
  const end = await readEnd(path);
  if (!end && !(await isStill(path))) {
    log.warn({ recording }, 'a recording is being written by another relay: it is left alone until the next start');
    return undefined;
  }
  const { size, mtimeMs } = await stat(path);
  const front = await scanData(directory, undefined, ({ container }) => container !== undefined, FRONT);
  const { head, track, container } = front;
  if (!head || track === undefined || !container || head.channel !== name.channel) {
    const isForeign = head && head.channel !== name.channel;
    const fault = isForeign ? `its chunks are signed for the channel ${head.channel}` : front.fault;
    await giveUp(directory, recording, { size, fault }, log);
    return undefined;
  }
  const { channel, publicKey, startedAt } = head;
  const facts = { id: recording, channel, directory, publicKey: publicKey.slice(), track, container, startedAt };
  if (end) {
    const { endedAt, from, to, groups } = end;
    const sizes = { dataSize: size, end: size - RECORDING_END_SIZE };
    return finishedRecording({ ...facts, endedAt, from, to, ...sizes, groupCount: groups }, log);
  }

  const { groups, scanner } = await findGroups(directory, size);
  const first = groups[0];
  if (!first) {
    await giveUp(directory, recording, { size, fault: scanner.fault }, log);
    return undefined;
  }
  const endedAt = Math.max(startedAt, Math.round(mtimeMs));
  const mark = { endedAt, from: first.timestamp, to: scanner.to, groups: groups.length };
  const lost = size - scanner.offset;
  const isMended = lost <= MAX_REST;
  if (isMended) await mend(directory, { groups, mark, end: scanner.offset });
  const about = { recording, bytes: scanner.offset, lost, fault: scanner.fault };
  if (isMended)
    log.warn(about, 'a recording was cut off: all of it is kept but what was being written (lost, in bytes)');
  else log.error(about, 'a recording is damaged: it is played up to there, the file is left as it is');
  return finishedRecording(
    {
      ...facts,
      ...{ endedAt, from: mark.from, to: mark.to, groupCount: groups.length },
      ...{ dataSize: scanner.offset + (isMended ? RECORDING_END_SIZE : 0), end: scanner.offset },
    },
    log,
  );
}

async function readEnd(path: string): Promise<RecordingEnd | undefined> {
  const { size } = await stat(path);
  const at = Math.max(0, size - RECORDING_END_SIZE);
  return readRecordingEnd(await withFile(path, file => readAt(file, at, RECORDING_END_SIZE)));
}

/** Whether nobody writes there. */
async function isStill(path: string): Promise<boolean> {
  const before = await stat(path);
  const age = Date.now() - before.mtimeMs;
  if (age > STILL_MS || age < 0) return true;
  await delay(STILL_MS - age);
  return (await stat(path)).mtimeMs === before.mtimeMs;
}

interface Found {
  readonly groups: readonly IndexedGroup[];
  /** What was read of the data, to its end. */
  readonly scanner: DataScanner;
}

/** All groups: those of the index, as far as it can be believed, and what the data has behind them. */
async function findGroups(directory: string, size: number): Promise<Found> {
  const bytes = await readFile(join(directory, 'index')).catch(() => new Uint8Array(0)); // made anew
  const { index } = decodeIndex(new Uint8Array(bytes));
  const known = Array.from({ length: index.size }, (_, i) => index.at(i)!) // i < size
    .filter(({ offset }) => offset < size);
  const last = known.at(-1);
  if (last) {
    const { offset, init, initSize } = last;
    const scanner = await scanData(directory, { offset, init: { offset: init, size: initSize } });
    const { groups } = scanner;
    if (groups[0]?.offset === offset && groups[0].sequence === last.sequence) {
      return { groups: [...known.slice(0, -1), ...groups], scanner };
    }
  }
  const scanner = await scanData(directory);
  return { groups: scanner.groups, scanner };
}

async function mend(
  directory: string,
  what: { readonly groups: readonly IndexedGroup[]; readonly mark: RecordingEnd; readonly end: number },
): Promise<void> {
  const path = join(directory, 'data');
  await writeIndex(directory, what.groups);
  await truncate(path, what.end);
  await appendFile(path, encodeMessage(recordingEnd, what.mark));
}

/** Nothing can be played: what is small was never more than a beginning, and goes. */
async function giveUp(
  directory: string,
  recording: string,
  { size, fault }: { readonly size: number; readonly fault: string | undefined },
  log: Log,
): Promise<void> {
  if (fault !== undefined || size > MAX_REST) {
    log.error({ recording, size, fault }, 'a recording can not be played; its files are left as they are');
    return;
  }
  await removeRecording(directory);
  log.warn({ recording, size, fault }, 'a recording was cut off before there was anything to play: it is removed');
}
