// A file's bytes as the body of an answer: read step by step, as fast as they are taken.

import { type FileHandle, open } from 'node:fs/promises';
import type { Bytes } from '../../core/bytes.ts';
import { PlainStream } from '../../core/recording/plain-stream.ts';
import { MessageReader } from '../../core/wire/framing.ts';
import type { ByteRange } from './byte-range.ts';
import { readAt } from './read-data.ts';

const STEP = 131_072;

/** The bytes of a range. The file is opened when the first are taken. */
export function fileBody(path: string, range: ByteRange): ReadableStream<Uint8Array> {
  return bodyOf(
    path,
    range,
    bytes => [bytes],
    () => [],
  );
}

/** The data of a recording as the plain file that it was recorded from. */
export function plainBody(path: string, range: ByteRange): ReadableStream<Uint8Array> {
  const stream = new PlainStream();
  let out: Bytes[] = [];
  const reader = new MessageReader((type, body) => out.push(...stream.take(type, body)));
  const taken = () => {
    const parts = out;
    out = [];
    return parts;
  };
  const convert = (bytes: Bytes) => {
    reader.push(bytes);
    return taken();
  };
  return bodyOf(path, range, convert, () => stream.finish());
}

function bodyOf(
  path: string,
  { from, to }: ByteRange,
  convert: (bytes: Bytes) => readonly Bytes[],
  finish: () => readonly Bytes[],
): ReadableStream<Uint8Array> {
  let file: FileHandle | undefined;
  let at = from;
  const close = async () => {
    const opened = file;
    file = undefined;
    await opened?.close();
  };
  return new ReadableStream(
    {
      async pull(controller) {
        const send = (parts: readonly Bytes[]) => {
          const full = parts.filter(({ length }) => length > 0);
          for (const part of full) controller.enqueue(part);
          return full.length > 0;
        };
        try {
          file ??= await open(path, 'r');
          for (let isSent = false; !isSent && at < to; ) {
            const bytes = await readAt(file, at, Math.min(STEP, to - at));
            if (bytes.length === 0) throw new Error(`${path} ends at ${at} of ${to} bytes`);
            at += bytes.length;
            isSent = send(convert(bytes));
          }
          if (at < to) return;
          send(finish());
          controller.close();
          await close();
        } catch (error) {
          await close();
          throw error;
        }
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );
}
