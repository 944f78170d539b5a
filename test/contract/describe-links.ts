// The contract's cases as tests of Node's runner.

import { describe, it } from 'node:test';
import { LINK_CASES, type OpenPair } from './link-contract.ts';

/** One test a case; what a transport can't be asked is skipped with the reason. */
export function describeLinks(transport: string, open: OpenPair): void {
  describe(`link contract: ${transport}`, () => {
    for (const { name, skip, run } of LINK_CASES) {
      it(name, async test => {
        const pair = await open();
        try {
          const why = skip?.(pair);
          if (why) test.skip(why);
          else await run(pair);
        } finally {
          await pair.end();
        }
      });
    }
  });
}
