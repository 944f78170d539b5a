// Runs the contract's cases on one transport, one fresh pair each.

import { LINK_CASES, type OpenPair } from './link-contract.ts';

/** What came of one case. */
export interface CaseResult {
  readonly name: string;
  readonly skipped?: string;
  readonly error?: string;
}

/** Runs all cases and hands on each result. */
export async function runCases(open: OpenPair, report: (result: CaseResult) => void): Promise<void> {
  for (const { name, skip, run } of LINK_CASES) {
    let result: CaseResult = { name };
    try {
      const pair = await open();
      const skipped = skip?.(pair);
      if (skipped) result = { name, skipped };
      else await run(pair);
      await pair.end();
    } catch (error) {
      result = { name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    report(result);
  }
}
