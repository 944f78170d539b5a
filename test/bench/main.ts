// `npm run bench -- NAME [options] [--json]`: runs one benchmark; with --json the last line of standard output is one JSON object.

const BENCHES: Record<string, () => Promise<{ main(args: string[]): Promise<void> }>> = {
  transmux: () => import('./transmux.ts'),
  relay: () => import('./relay.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = BENCHES[name];
if (!load) {
  console.error(`Which benchmark? There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(1);
}
const bench = await load();
await bench.main(args);
