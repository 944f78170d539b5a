// All settings that a schema knows, by path: for those who set one from outside, or misspelt it.

import { z } from 'zod';

/** How a setting's value is written: `other` is neither a scalar nor a list of texts. */
export type SettingKind = 'text' | 'number' | 'boolean' | 'texts' | 'other';

/** A setting that is no group of settings. */
export interface Setting {
  readonly path: readonly string[];
  readonly kind: SettingKind;
}

/** The settings of a schema, in its order. */
export function listSettings(schema: z.core.$ZodType, path: readonly string[] = []): Setting[] {
  const bare = bareSchema(schema);
  if (!(bare instanceof z.ZodObject)) return [{ path, kind: kindOf(bare) }];
  return Object.entries(bare.shape).flatMap(([name, inner]) => listSettings(inner, [...path, name]));
}

/** The names of the settings in the group at a path, where a list counts by the place in it. */
export function namesAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const bare = bareSchema(schema);
  const [first, ...rest] = path;
  if (first === undefined) return bare instanceof z.ZodObject ? Object.keys(bare.shape) : [];
  if (bare instanceof z.ZodArray) return namesAt(bare.element, rest);
  const inner = bare instanceof z.ZodObject ? bare.shape[String(first)] : undefined;
  return inner ? namesAt(inner, rest) : [];
}

/** Without its default, and whether it may be left out. */
function bareSchema(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return bareSchema(schema.unwrap());
  }
  return schema;
}

function kindOf(schema: z.core.$ZodType): SettingKind {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodArray) return kindOf(bareSchema(schema.element)) === 'text' ? 'texts' : 'other';
  if (schema instanceof z.ZodUnion) return schema.options.some(one => kindOf(one) === 'number') ? 'number' : 'other';
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) return 'text';
  return schema instanceof z.ZodURL ? 'text' : 'other';
}
