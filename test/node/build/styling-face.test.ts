// What is read off templates and styles, and what is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import ts from 'typescript';
import { stylingFace } from '../../../build/styling-face.ts';

/** The faces in a module that consists of `code`. */
function read(code: string) {
  const file = ts.createSourceFile('face.ts', code, ts.ScriptTarget.ES2022, true);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: name => (name === 'face.ts' ? file : undefined),
  };
  const program = ts.createProgram(['face.ts'], { noLib: true, strict: true }, host);
  return stylingFace([file], /^--mine-/, program.getTypeChecker());
}

const doc = (...lines: readonly string[]) => `/**\n${lines.map(line => ` * ${line}\n`).join('')} */`;

test('parts are found in templates, in controls and on elements, and whatever they are made of', () => {
  const { csspart } = read(`
    ${doc('@csspart a - first', '@csspart b-button - second', '@csspart c-button - third', '@csspart off - now and then', '@csspart d - x', '@csspart e - y')}
    const bar = (device: 'b' | 'c', off: boolean, part: string) =>
      html\`<p part="a \${part}"><i part="\${device}-button \${off ? 'off' : ''}"></i></p>\`;
    control({ part: \`d \${bar ? 'off' : ''}\` });
    video.part.add('e');`);
  assert.deepEqual(
    csspart.map(({ name, description }) => [name, description]),
    [
      ['a', 'first'],
      ['b-button', 'second'],
      ['c-button', 'third'],
      ['d', 'x'],
      ['e', 'y'],
      ['off', 'now and then'],
    ],
  );
});

test('properties are those that are read, with what they are without a page’s word', () => {
  const { cssprop, slot } = read(`
    ${doc('@cssprop [--mine-ratio=16 / 9] - the box', '@cssprop --mine-color - words', '@slot over - above')}
    const styles = css\`:host { aspect-ratio: var(--mine-ratio, 16 / 9); --mine-unread: 1; color: var(--other-color, var(--mine-color)); }\`;
    html\`<slot name="over"></slot>\`;`);
  assert.deepEqual(cssprop, [
    { name: '--mine-color', description: 'words' },
    { name: '--mine-ratio', description: 'the box', default: '16 / 9' },
  ]);
  assert.deepEqual(slot, [{ name: 'over', description: 'above' }]);
});

for (const [what, code, message] of [
  ['a part without a description', 'html`<p part="a"></p>`', /^a has no @csspart$/m],
  ['a description without a part', `${doc('@csspart a - first')} let one`, /^@csspart a is nowhere to be found$/m],
  ['an empty description', `${doc('@csspart a')} html\`<p part="a"></p>\``, /^@csspart a says nothing$/m],
  [
    'two of the same',
    `${doc('@slot a - b', '@slot a - c')} html\`<slot name="a"></slot>\``,
    /^@slot a is there twice$/m,
  ],
  ['a part of any name', `const bar = (name: string) => html\`<p part="\${name}-menu"></p>\``, /may be anything/],
] as const)
  test(`refuses ${what}`, () => {
    assert.throws(() => read(code), { message });
  });
