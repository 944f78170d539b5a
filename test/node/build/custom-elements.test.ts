// The manifest against the sources, read in another way than the build does.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { customElementsManifest } from '../../../build/custom-elements.ts';

interface Entry {
  readonly name: string;
  readonly description?: string;
}

interface Declaration {
  readonly tagName: string;
  readonly slots: readonly Entry[];
  readonly cssParts: readonly Entry[];
  readonly cssProperties: readonly Entry[];
}

const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'p2p-live': ['components', 'components/controls'],
  'p2p-stats': ['components/stats'],
  'p2p-publish': ['components/publish'],
  'p2p-room': ['components/room'],
};

// What the builder gives is plain data.
const { modules } = customElementsManifest(process.cwd()) as {
  modules: readonly { readonly declarations: readonly Declaration[] }[];
};
const declarations = modules.flatMap(one => one.declarations);

test('it has every element', () => {
  assert.deepEqual(declarations.map(({ tagName }) => tagName).sort(), Object.keys(FOLDERS).sort());
});

for (const { tagName, slots, cssParts, cssProperties } of declarations) {
  const code = FOLDERS[tagName]!.flatMap(folder =>
    readdirSync(folder)
      .filter(name => name.endsWith('.ts'))
      .map(name => readFileSync(join(folder, name), 'utf8')),
  )
    .join('\n')
    .replace(/\/\*[\s\S]*?\*\//g, '');
  const names = (entries: readonly Entry[]) => entries.map(({ name }) => name);

  test(`of <${tagName}> it has every slot and no other`, () => {
    const used = [...code.matchAll(/<slot(?: name="([^"]*)")?/g)].map(([, name = '']) => name);
    assert.deepEqual(names(slots), used);
  });

  test(`of <${tagName}> it has every custom property that the styles read, and no other`, () => {
    const used = [...code.matchAll(/var\((--p2p-[\w-]+)/g)].map(([, name = '']) => name);
    assert.ok(used.length > 5, 'the styles are read');
    assert.deepEqual(names(cssProperties), [...new Set(used)].sort());
  });

  test(`of <${tagName}> it has every part that the templates use, and no other`, () => {
    const values = [
      ...code.matchAll(
        /\bpart(?:="((?:\$\{.*?\}|[^"$])*)"|: '([^']*)'|: `((?:\$\{.*?\}|[^`$])*)`|\.add\('([^']*)'\))/g,
      ),
    ].map(([, ...found]) => found.find(Boolean) ?? '');
    // `camera-button ${off ? 'off' : ''}` is two parts; of `${device}-button` only the end is sure.
    const choices = values.flatMap(value => [...value.matchAll(/(?<!=== )'([\w-]+)'/g)].map(([, word = '']) => word));
    const words = values.flatMap(value => value.replace(/\$\{.*?\}/g, '*').split(' '));
    const plain = [...words, ...choices].filter(word => /^[\w-]+$/.test(word));
    const ends = words.filter(word => /^\*./.test(word)).map(word => word.slice(1));
    const parts = names(cssParts);
    assert.ok(plain.length > 5, 'the templates are read');
    assert.deepEqual(
      plain.filter(word => !parts.includes(word)),
      [],
      'missing',
    );
    assert.deepEqual(
      ends.filter(end => !parts.some(part => part.endsWith(end))),
      [],
      'missing endings',
    );
    const isMade = (part: string) =>
      ends.some(end => part.endsWith(end) && code.includes(`'${part.slice(0, -end.length)}'`));
    assert.deepEqual(
      parts.filter(part => !plain.includes(part) && !isMade(part)),
      [],
      'invented',
    );
  });

  test(`of <${tagName}> it says what each is for`, () => {
    const mute = [...slots, ...cssParts, ...cssProperties].filter(({ description }) => !description);
    assert.deepEqual(names(mute), []);
  });
}
