// The operator's guide names every setting, with its default.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { parse } from 'yaml';
import { channelEntry } from '../../../relay/config/channel-entry.ts';
import { parseConfig, relayConfigSchema } from '../../../relay/config/config.ts';
import { listSettings } from '../../../relay/config/setting-list.ts';

const guide = readFileSync('relay/OPERATING.md', 'utf8');
const rows = new Map(
  [...guide.matchAll(/^\| `([\w.]+)` \| (.*?) ?\| .+ \|$/gm)].map(([, name, text]) => [name!, text!.trim()]),
);

test('every setting is there with its default, and no other', () => {
  const defaults = parseConfig({});
  const settings = listSettings(relayConfigSchema).map(({ path }) => {
    const value = path.reduce<unknown>(
      (at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined),
      defaults,
    );
    return [path.join('.'), value === undefined ? '' : String(value)] as const;
  });
  assert.ok(settings.length > 50);
  assert.deepEqual(Object.fromEntries(rows), Object.fromEntries(settings));
});

test('every setting of a channel is there', () => {
  const of = guide.slice(guide.indexOf('| of an entry |'), guide.indexOf('One ingest program'));
  for (const name of Object.keys(channelEntry.shape)) {
    if (name !== 'name') assert.match(of, new RegExp(`\`${name}(\`|\\.)`), name);
  }
});

test('the settings that it shows are right', () => {
  const examples = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => parse(text!)); // it has one group
  const settings = examples.filter(example => !('scrape_configs' in example));
  assert.equal(settings.length, 2);
  for (const example of settings) assert.ok(parseConfig(example));
});
