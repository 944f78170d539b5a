// The layers of the house (ARCHITECTURE.md): imports only point down, and never in a circle.

const GROUND = '^core/[^/]+\\.ts$';
const above = (name, from, to, why) => ({
  name,
  severity: 'error',
  comment: why,
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan-imports',
      severity: 'error',
      from: {},
      comment: 'the quiche addon is optional: where it could not be downloaded it is not there',
      to: { couldNotResolve: true, pathNot: '^@fails-components/webtransport-transport-http3-quiche$' },
    },
    above('core-stands-alone', '^core/', '^(components|relay|ingest|demo|test)/', 'core knows nobody above it'),
    {
      name: 'core-runs-anywhere',
      severity: 'error',
      comment: 'no Node or Deno modules in core',
      from: { path: '^core/' },
      to: { dependencyTypes: ['core'] },
    },
    above('ground-is-lowest', GROUND, '^core/[^/]+/', 'chunk, link, time, bytes, errors import only each other'),
    above('wire-below', '^core/wire/', '^core/(media|links|swarm|publish)/', 'wire rests on the ground'),
    above('media-below', '^core/media/', '^core/(wire|links|swarm|publish)/', 'media rests on the ground'),
    above('links-below', '^core/links/', '^core/(media|swarm|publish)/', 'links rest on wire'),
    above('publish-beside-swarm', '^core/publish/', '^core/(links|swarm)/', 'publishing rests on wire and media'),
    above('recording-beside', '^core/recording/', '^core/(media|links|publish|swarm)/', 'recordings rest on wire'),
    above('swarm-beside-publish', '^core/swarm/', '^core/publish/', 'the swarm knows no publisher'),
    above(
      'components-alone',
      '^components/',
      '^(relay|ingest|demo|test)/',
      'the browser part is a stranger to the programs',
    ),
    above(
      'relay-alone',
      '^relay/',
      '^(components|ingest|demo|test)/',
      'the relay carries chunks, it neither makes nor plays them',
    ),
    above(
      'relay-parses-no-media',
      '^relay/(?!outputs/)',
      '^core/(media|publish)/',
      'the relay carries chunks and headers only; outputs make segments for other players',
    ),
    above('outputs-publish-nothing', '^relay/outputs/', '^core/publish/', 'outputs only read'),
    above(
      'ingest-alone',
      '^ingest/',
      '^(components|relay|demo|test)/',
      'the ingester reaches a relay over a link only',
    ),
    above('demo-below-test', '^demo/', '^test/', 'tests look at the demo, not the reverse'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test/artifacts)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
