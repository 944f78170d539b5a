// Which runtime the relay finds itself in.

import type { Runtime } from './runtime.ts';

/** The faces of Deno or Node, whichever runs. */
export async function loadRuntime(): Promise<Runtime> {
  if ('Deno' in globalThis) return (await import('./deno.ts')).denoRuntime;
  return (await import('./node.ts')).nodeRuntime;
}
