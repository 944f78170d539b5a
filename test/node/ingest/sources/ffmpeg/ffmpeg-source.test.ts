// FfmpegSource over scripts that stand in for ffmpeg, so that each way to fail comes when it is wanted.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { steadyClock } from '../../../../../ingest/clock.ts';
import { readFfmpegInput } from '../../../../../ingest/sources/ffmpeg/ffmpeg-input.ts';
import { FfmpegSource } from '../../../../../ingest/sources/ffmpeg/ffmpeg-source.ts';
import type { SourceFault } from '../../../../../ingest/sources/source.ts';
import { folder, TestLog, until } from '../../fixtures.ts';

let scripts = 0;

/** A program that does as the lines of shell say, after it has written down its process id. */
function program(lines: string): { path: string; pid: () => number } {
  const path = join(folder, `ffmpeg-${++scripts}`);
  writeFileSync(path, `#!/bin/sh\necho $$ > ${path}.pid\n${lines}\n`, { mode: 0o755 });
  return { path, pid: () => Number(existsSync(`${path}.pid`) && readFileSync(`${path}.pid`, 'utf8')) };
}

function open(source: string, path: string, stallMs = 5_000) {
  const log = new TestLog();
  const input = readFfmpegInput(source)!; // they are all read by ffmpeg
  const context = { clock: steadyClock, log, stallMs, random: Math.random };
  const stopping = new AbortController();
  const events = new FfmpegSource(input, context, { path }).open(stopping.signal);
  return { log, events, stopping };
}

/** Everything until the end, and the fault if there was one. */
async function all(events: ReturnType<FfmpegSource['open']>) {
  let text = '';
  let ended = false;
  try {
    for await (const event of events) {
      if (event.type === 'bytes') text += new TextDecoder().decode(event.bytes);
      ended ||= event.type === 'end';
    }
    return { text, ended, fault: undefined };
  } catch (error) {
    return { text, ended, fault: error as SourceFault }; // sources throw nothing else
  }
}

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`);

test('what it writes is what comes; its end is a break, not the end of the broadcast', async () => {
  const { path } = program('printf abc; printf def');
  const { text, ended, fault } = await all(open('rtmp://h/a/b', path).events);
  assert.deepEqual({ text, ended, fault }, { text: 'abcdef', ended: false, fault: undefined });
  assert.equal((await all(open('ffmpeg:film.mkv', path).events)).ended, true, 'a film has an end');
});

test('an end with an error: the sentence has the last words, the log all of them, neither a secret', async () => {
  const { path } = program(
    `printf abc; echo '[tcp @ 0x5] [warning] slow' >&2; echo '[rtmp @ 0x5] [error] rtmp://u:hidden@h/a?k=s3cret is gone' >&2; exit 1`,
  );
  const { log, events } = open('rtmp://u:hidden@h/a?k=s3cret', path);
  const { text, fault } = await all(events);
  assert.equal(text, 'abc');
  assert.equal(fault?.message, 'rtmp://h/a?… broke off; ffmpeg says: rtmp://h/a?… is gone');
  assert.equal(fault?.permanent, false);
  assert.deepEqual(
    log.lines.map(({ level, message }) => `${level} ${message}`),
    ['info ffmpeg: slow', 'warn ffmpeg: rtmp://h/a?… is gone'],
  );
  assert.doesNotMatch(JSON.stringify(log.lines), /hidden|s3cret/);
});

test('faults that trying again does not mend', async () => {
  const missing = await all(open('rtmp://h/a', '/no/such/ffmpeg').events);
  assert.match(missing.fault?.message ?? '', /needs ffmpeg, and "\/no\/such\/ffmpeg" can't be run: install ffmpeg/);
  assert.equal(missing.fault?.permanent, true);
  for (const [says, sentence] of [
    ["[error] Unrecognized option 'bogus'.", /can't be read; ffmpeg says: Unrecognized option/],
    ['[flv @ 0x5] [error] Video codec hevc not compatible with flv', /can't be carried as it is .*--transcode/],
  ] as const) {
    const { path } = program(`echo "${says}" >&2; exit 1`);
    const { fault } = await all(open('rtsp://h/a', path).events);
    assert.match(fault?.message ?? '', sentence);
    assert.equal(fault?.permanent, true);
  }
});

test('codecs that no browser plays: sound is told, a picture is a fault', async () => {
  const misfit = (codec: string) =>
    `echo "[mpegts @ 0x5] [warning] Stream 1, codec ${codec}, is muxed as a private data stream" >&2`;
  const sound = open('rtsp://h/a', program(`${misfit('pcm_alaw')}; sleep 0.1; printf abc`).path);
  assert.equal((await all(sound.events)).text, 'abc');
  assert.ok(sound.log.has(/the sound is pcm_alaw, .*--transcode-audio/));
  const picture = open('rtsp://h/a', program(`${misfit('mjpeg')}; sleep 0.1; printf abc; exec sleep 60`).path);
  const { fault } = await all(picture.events);
  assert.match(fault?.message ?? '', /its picture is mjpeg.*--transcode/);
  assert.equal(fault?.permanent, true);
});

test('a silent or frozen ffmpeg has stalled, and is ended even if it listens to no signal', async () => {
  const { path, pid } = program(`trap '' TERM; printf abc; while :; do sleep 1; done`);
  const { fault, text } = await all(open('udp://h:1', path, 1_000).events); // a shell on a busy machine takes its time
  assert.equal(text, 'abc');
  assert.match(fault?.message ?? '', /has sent nothing for 1 s/);
  assert.ok(!alive(pid()), 'it has gone before the source is opened again');
  const frozen = program('printf abc; kill -STOP $$');
  assert.match((await all(open('udp://h:1', frozen.path, 1_000).events)).fault?.message ?? '', /sent nothing for 1 s/);
  assert.ok(!alive(frozen.pid()));
});

test('who waits for a caller has not stalled', async () => {
  const { path } = program('sleep 0.6; printf abc');
  assert.equal((await all(open('srt://:1?mode=listener', path, 200).events)).text, 'abc');
  assert.match((await all(open('srt://h:1', path, 200).events)).fault?.message ?? '', /gave nothing within 0\.2 s/);
});

test('stopping ends it at once, and what it says then is nobody’s business', async () => {
  const { path, pid } = program(
    `trap 'echo "[error] broken pipe" >&2; exit 1' TERM; printf abc; while :; do sleep 0.05; done`,
  );
  const { log, events, stopping } = open('rtmp://h/a', path);
  assert.equal((await events.next()).done, false);
  stopping.abort();
  assert.equal((await events.next()).done, true);
  assert.ok(!alive(pid()));
  assert.ok(
    log.lines.every(({ level }) => level === 'debug'),
    JSON.stringify(log.lines),
  );
});

test('a parent that is killed takes it along, silent as it may be', async () => {
  const { path, pid } = program(`trap '' TERM; exec sleep 60`);
  const module = fileURLToPath(new URL('../../../../../ingest/sources/ffmpeg/ffmpeg-process.ts', import.meta.url));
  const code = `import { startFfmpeg } from ${JSON.stringify(module)}; startFfmpeg(${JSON.stringify(path)}, [], () => {}); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { stdio: 'inherit' });
  const child = await until('it runs', () => pid() || undefined);
  assert.ok(alive(child));
  parent.kill('SIGKILL');
  await until('it has gone', () => !alive(child), 3_000);
});
