// Joining a file that an encoder is still writing: where its last key frame is, and what a decoder needs before it.

import { type Bytes, concat } from '../../bytes.ts';
import { FlvInit } from './flv-init.ts';
import { type FlvTag, TAG_HEADER_SIZE } from './flv-tag.ts';
import { type FlvReadEvent, FlvTagReader } from './flv-tag-reader.ts';
import { readTagRole, type TagRole } from './tag-role.ts';

/**
 * The offset in `bytes` of the last key frame's tag at or behind `from`; of the last audio tag where there is no video; undefined without either.
 * `bytes` may begin and end anywhere in a file: the tags are found by their chain, and the last may be incomplete.
 */
export function findLastFlvKeyframe(bytes: Bytes, from = 0): number | undefined {
  const reader = new FlvTagReader();
  reader.resync();
  let keyframe: number | undefined;
  let audio: number | undefined;
  let video = false;
  // Not flushed: a candidate whose end is not there yet proves nothing.
  for (const event of reader.push(bytes.subarray(from))) {
    if (event.type !== 'tag') continue;
    const role = readTagRole(event.tag, event.bytes.subarray(TAG_HEADER_SIZE));
    if (role.role !== 'frame') continue;
    if (event.tag.kind === 'audio') audio = from + event.tag.offset;
    else video = true;
    if (role.key) keyframe = from + event.tag.offset;
  }
  return keyframe ?? (video ? undefined : audio);
}

/**
 * The init of a file: file header, onMetaData and sequence headers, from its beginning (`head`) and, where they changed later, from the bytes before
 * the place to join (`tail`, which may begin anywhere). To join, push this to a chunker or demuxer, then the file from the key frame on.
 * Throws `NotThisMedia` when the head is no FLV.
 */
export function readFlvInit(head: Bytes, tail?: Bytes): Bytes {
  const init = new FlvInit();
  const reader = new FlvTagReader();
  collect(reader.push(head), init);
  if (tail) {
    reader.resync();
    collect(reader.push(tail), init);
  }
  return init.bytes();
}

function collect(events: readonly FlvReadEvent[], init: FlvInit): void {
  let open: { tag: FlvTag; role: TagRole; parts: Bytes[] } | undefined;
  for (const event of events) {
    if (event.type === 'file') init.begin(event.flags);
    else if (event.type === 'tag') {
      const body = event.bytes.subarray(TAG_HEADER_SIZE);
      open = { tag: event.tag, role: readTagRole(event.tag, body), parts: [body] };
    } else if (event.type === 'data') open?.parts.push(event.bytes);
    else if (event.type === 'end' && open) {
      const { role, slot } = open.role;
      if (role === 'config' || role === 'metadata') init.take(open.tag, slot, concat(open.parts));
      open = undefined;
    } else if (event.type === 'lost') open = undefined;
  }
}
