// What a source says beside pictures and sound, on its whole way to the page: with its picture, in FLV and in MPEG-TS.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { h264, make, picture, readFixture, tone, writeFixture } from '../support/ffmpeg-fixtures.ts';
import { cuePoint, id3Tag, withScripts } from '../support/marked-media.ts';
import { readTracks } from '../support/mp4-boxes.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { muxAvc } from '../support/ts-muxer.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

const SECONDS = 30;
/** One a second. */
const times = Array.from({ length: SECONDS }, (_, i) => i + 0.5);

let stack: Stack;
before(async () => {
  stack = await startStack();
});
after(() => stack.stop());

/** What the page was told, and how many seconds after its picture. */
interface Told {
  readonly name: string;
  readonly text: string;
  readonly late: number;
}

function listen(viewer: Viewer): Promise<void> {
  return viewer.tab.page.evaluate(() => {
    const element = document.querySelector('p2p-live');
    const told: unknown[] = [];
    Reflect.set(window, 'told', told);
    element?.addEventListener('metadata', event => {
      if (!(event instanceof CustomEvent)) return;
      const { name, value, time } = event.detail;
      const isTag = value instanceof Uint8Array;
      const text = isTag ? new TextDecoder().decode(value.subarray(22)) : Reflect.get(Object(value), 'name');
      told.push({ name, text, late: Reflect.get(element, 'currentTime') - time });
    });
  });
}

const sources: { name: string; metadata: string; make: () => string }[] = [
  {
    name: 'flv',
    metadata: 'onCuePoint',
    make: () => {
      const path = make('plain.flv', picture({ seconds: SECONDS }), tone({ seconds: SECONDS }), h264(), [
        '-c:a',
        'aac',
      ]);
      const scripts = times.map(at => ({ at: at * 1_000, body: cuePoint(`at ${at}`) }));
      return writeFixture('cues.flv', withScripts(readFixture(path), scripts));
    },
  },
  {
    name: 'ts',
    metadata: 'ID3',
    make: () => {
      const [track] = readTracks(readFixture(make('plain.mp4', picture({ seconds: SECONDS }), h264())));
      assert.ok(track);
      const id3 = times.map(at => ({ at, tag: id3Tag(`at ${at}`) }));
      return writeFixture('tagged.m2ts', muxAvc(track, { id3 }));
    },
  },
];

for (const { name, metadata, make } of sources) {
  test(`${name}: ${metadata} is told when its picture is there`, async t => {
    const ingest = stack.ingest(make(), name, { paced: true });
    let viewer: Viewer | undefined;
    try {
      await ingest.says(/published|publishing/i, 30_000);
      viewer = await Viewer.open(stack.page(name));
      await viewer.advances(1);
      await listen(viewer);
      const { page } = viewer.tab;
      let told: Told[] = [];
      await until(
        async () => {
          told = await page.evaluate((): Told[] => Reflect.get(window, 'told'));
          return told.filter(each => each.name === metadata).length >= 5;
        },
        () => `five are told; so far: ${JSON.stringify(told)}`,
        15_000,
      );
      const ours = told.filter(each => each.name === metadata);
      t.diagnostic(`${name}: late by ${ours.map(({ late }) => `${Math.round(late * 1_000)} ms`).join(', ')}`);
      const first = times.findIndex(at => `at ${at}` === ours[0]?.text);
      assert.ok(first >= 0, `the first is ${ours[0]?.text}`);
      assert.deepEqual(
        ours.map(({ text }) => text),
        times.slice(first, first + ours.length).map(at => `at ${at}`),
        'each once and in order',
      );
      for (const { text, late } of ours) assert.ok(late >= 0 && late < 0.25, `${text} is ${late} s late`);
      assert.deepEqual(viewer.tab.complaints, []);
    } finally {
      await viewer?.close();
      await ingest.stop();
    }
  });
}
