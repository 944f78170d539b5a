// Says what is wrong with settings: each mistake with its place, and what would be right.

import type { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { nearName } from './near-name.ts';
import { listSettings, namesAt } from './setting-list.ts';

type Path = readonly PropertyKey[];

/** One mistake: where it is, and a sentence on what would be right. */
export interface Mistake {
  readonly path: Path;
  readonly sentence: string;
}

/** The output of a schema. Throws `ConfigError` that names every mistake with its place; `source` says where it was read. */
export function readSetting<T extends z.ZodType>(schema: T, input: unknown, source: string): z.output<T> {
  const read = trySetting(schema, input);
  if (read.ok) return read.value;
  throw ConfigError.of(source, read.mistakes.map(tellMistake));
}

/** The output of a schema, or all mistakes. */
export function trySetting<T extends z.ZodType>(
  schema: T,
  input: unknown,
): { readonly ok: true; readonly value: z.output<T> } | { readonly ok: false; readonly mistakes: Mistake[] } {
  const result = schema.safeParse(input, { error: sentenceOf });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, mistakes: result.error.issues.flatMap(issue => mistakesOf(issue, schema)) };
}

/** `window.megabytes: more than 0 is expected, not -1`. */
export function tellMistake({ path, sentence }: Mistake): string {
  const place = path.map(String).join('.');
  return place ? `${place}: ${sentence}` : sentence;
}

/** More settings of a group are not listed for whoever wrote another. */
const MOST_LISTED = 12;

function mistakesOf(issue: z.core.$ZodIssue, schema: z.ZodType): Mistake[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, sentence: issue.message }];
  const siblings = namesAt(schema, issue.path);
  return issue.keys.map(key => {
    const elsewhere = listSettings(schema).find(({ path }) => path.at(-1) === key);
    const near = nearName(key, siblings) ?? elsewhere?.path.join('.');
    const known =
      siblings.length > MOST_LISTED ? '' : `: there ${siblings.length > 1 ? 'are' : 'is'} ${siblings.join(', ')}`;
    return { path: [...issue.path, key], sentence: `no such setting${near ? `: did you mean ${near}?` : known}` };
  });
}

/** What would be right, where the schema has no sentence of its own. Never repeats a text that may be a secret. */
function sentenceOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return `is missing: ${KINDS[issue.expected] ?? issue.expected} is expected`;
      return `${KINDS[issue.expected] ?? issue.expected} is expected, not ${shown(issue.input, issue.expected)}`;
    case 'invalid_value': {
      const near = typeof issue.input === 'string' ? nearName(issue.input, issue.values.map(String)) : undefined;
      const hint = near === undefined ? '' : `: did you mean ${near}?`;
      return `${listed(issue.values.map(one => JSON.stringify(one)))} is expected${hint}`;
    }
    case 'too_small':
      return `${bound(issue, issue.minimum, issue.inclusive ? 'at least' : 'more than')} expected${ofNumber(issue)}`;
    case 'too_big':
      return `${bound(issue, issue.maximum, issue.inclusive ? 'at most' : 'less than')} expected${ofNumber(issue)}`;
    case 'invalid_union': {
      const kinds = issue.errors.flat().map(one => (one.code === 'invalid_type' ? (KINDS[one.expected] ?? '') : ''));
      const named = [...new Set(kinds)].filter(kind => kind !== '');
      const missing = issue.input === undefined ? 'is missing: ' : '';
      return named.length > 0 ? `${missing}${listed(named)} is expected` : undefined;
    }
    default:
      return undefined; // Zod's own sentence
  }
}

const KINDS: Readonly<Record<string, string>> = {
  ...{ string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false' },
  ...{ array: 'a list', object: 'a group of settings' },
};

function listed(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

function shown(input: unknown, expected: string): string {
  if (typeof input === 'number') return expected === 'string' ? 'a number: put it in quotes' : String(input);
  if (typeof input === 'boolean') return String(input);
  if (input === null) return 'nothing';
  if (typeof input === 'object') return Array.isArray(input) ? 'a list' : 'a group of settings';
  return ['number', 'int', 'boolean'].includes(expected) ? JSON.stringify(input) : 'text';
}

function bound({ origin }: { readonly origin: string }, limit: number | bigint, how: string): string {
  const many = limit === 1 ? '' : 's';
  if (origin === 'string') return `${how} ${limit} character${many} ${limit === 1 ? 'is' : 'are'}`;
  if (origin === 'array') return `${how} ${limit} ${limit === 1 ? 'entry is' : 'entries are'}`;
  return `${how} ${limit} is`;
}

function ofNumber({ input }: { readonly input?: unknown }): string {
  return typeof input === 'number' ? `, not ${input}` : '';
}
