// `npm run bench -- NAME [options] [--json]`: runs one benchmark; with --json the last line of standard output is one JSON object.

import process from 'node:process';

const benches: Record<string, () => Promise<{ main(args: string[]): Promise<void> }>> = {
  transmux: () => import('./transmux.ts'),
  relay: () => import('./relay.ts'),
  element: () => import('./element.ts'),
  soak: () => import('./soak.ts'),
  swarm: () => import('./swarm.ts'),
  hop: () => import('./hop.ts'),
  ingest: () => import('./ingest.ts'),
};

const [bench = '', ...args] = process.argv.slice(2);
const load = benches[bench];
if (!load) {
  console.error(`Which benchmark? There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}
await (await load()).main(args);
