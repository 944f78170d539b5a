// The npm package in somebody else's project: what `npm pack` makes is installed, type-checked, rendered on a server, built by Vite and played.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { Viewer } from '../support/viewer.ts';

const run = promisify(execFile);
const REPO = resolve('.');
const program = (path: string) => join(REPO, 'node_modules', path);
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** A page with nothing but a script. */
const pageOf = (script: string) =>
  `<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="${script}"></script>`;

let app: string;
let stack: Stack;
let source: LiveSource;

const MAIN = `import { P2pLive as Player } from 'p2p-live/react';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';

function App() {
  const [stats, setStats] = useState(0);
  const [muted, setMuted] = useState(true);
  return (
    <main data-stats={stats}>
      <Player
        relay={location.hash.slice(1)} name="sample" className="player" autoplay controls muted={muted} targetLatency={1.5}
        onStats={event => setStats(event.detail.latency === null ? 0 : 1)} onPlaying={() => setMuted(false)}
      />
    </main>
  );
}

createRoot(document.body.appendChild(document.createElement('div'))).render(<App />);
`;

/** What a consumer may write, and what must be refused. */
const TYPED = `import { P2pLive, type PlayerStats } from 'p2p-live';
import 'p2p-live/define';
import type { P2pLiveElements } from 'p2p-live/jsx';
import { P2pLive as Player } from 'p2p-live/react';
import { P2pPublish, type PublishState } from 'p2p-live/publish';
import { P2pRoom } from 'p2p-live/room';
import { createElement, createRef } from 'react';

const element = document.querySelector('p2p-live')!;
const same: P2pLive = element;
element.seekToLive();
element.addEventListener('stats', event => use(event.detail));
function use(stats: PlayerStats): number { return stats.buffer + same.volume; }
const ref = createRef<P2pLive>();
createElement(Player, { ref, name: 'a', onStats: event => use(event.detail), onTimeUpdate: event => event.type });
const tag: P2pLiveElements['p2p-live'] = { name: 'a', controls: true, 'target-latency': 1 };
export const asTag = <p2p-live {...tag} relay="https://relay.example" p2p="off" />;
const studio: P2pPublish = document.querySelector('p2p-publish')!;
studio.tokenProvider = async channel => channel;
studio.addEventListener('statechange', ({ detail }) => ((state: PublishState) => state)(detail.state));
studio.start().then(() => studio.stats.sentKbps);
export const room: P2pRoom = document.querySelector('p2p-room')!;
export const publisher = <p2p-publish channel="a" tokenProvider={() => 'a'} camera-off />;
// @ts-expect-error
export const noSource = <p2p-publish source="window" />;
// @ts-expect-error
createElement(Player, { nmae: 'a' });
// @ts-expect-error
export const wrong = <p2p-live p2p="perhaps" />;
`;

before(async () => {
  app = mkdtempSync(join(tmpdir(), 'p2p-live-package-'));
  const build = Promise.all([
    run(process.execPath, [program('typescript/bin/tsc'), '-p', 'components/tsconfig.types.json']),
    run(process.execPath, ['--import', 'tsx', 'build/custom-elements.ts']),
  ]);
  stack = await startStack();
  source = await httpSource('flv');
  const ingest = stack.ingest(source.source, 'sample');
  await build;
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', app]);
  await ingest.says(/published|publishing/i, 30_000);
  const modules = join(app, 'node_modules');
  mkdirSync(modules);
  const [tarball = ''] = readdirSync(app).filter(name => name.endsWith('.tgz'));
  await run('tar', ['-xzf', join(app, tarball), '-C', modules]);
  await run('mv', [join(modules, 'package'), join(modules, 'p2p-live')]);
  // What npm would fetch for it, from what is here.
  for (const name of ['lit', 'lit-html', 'lit-element', '@lit', 'react', 'react-dom', 'scheduler', '@types', 'csstype'])
    symlinkSync(program(name), join(modules, name));
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true, "type": "module" }');
  writeFileSync(join(app, 'index.html'), pageOf('/main.tsx'));
  writeFileSync(join(app, 'main.tsx'), MAIN);
  writeFileSync(join(app, 'typed.tsx'), TYPED);
});
after(async () => {
  await source?.kill();
  await stack?.stop();
  if (app) rmSync(app, { recursive: true, force: true });
});

test('an empty Vite project with React builds and plays', async () => {
  await run(process.execPath, [program('vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { cwd: app });
  const site = await serve(join(app, 'dist'));
  const { port } = site.address() as AddressInfo; // it listens on TCP
  const viewer = await Viewer.open(`http://localhost:${port}/#http://localhost:${stack.port}`);
  const { page, complaints } = viewer.tab;
  try {
    const sight = await viewer.plays(50);
    assert.equal(sight.error, null);
    assert.equal(sight.stats.inWorker, true);
    assert.equal(sight.muted, false, 'a property that React changes later is set');
    await page.waitForSelector('main[data-stats="1"]');
    const seen = await page.$eval('p2p-live', element => [
      element.className,
      element.getAttribute('target-latency'),
      element.hasAttribute('controls'),
    ]);
    assert.deepEqual(seen, ['player', '1.5', true]);
    assert.deepEqual(complaints, []);
  } finally {
    await viewer.close();
    site.close();
  }
});

test('esbuild builds it, too: the engine runs on the page, or in a worker where its file is put beside', async () => {
  const out = join(app, 'bundled');
  await run(
    program('.bin/esbuild'),
    [
      ...['main.tsx', '--bundle', '--splitting', '--format=esm', '--minify', '--jsx=automatic', `--outdir=${out}`],
      ...['--define:process.env.NODE_ENV="production"', '--log-level=warning'],
    ],
    { cwd: app },
  );
  writeFileSync(join(out, 'index.html'), pageOf('/main.js'));
  const site = await serve(out);
  const { port } = site.address() as AddressInfo; // it listens on TCP
  try {
    for (const inWorker of [false, true]) {
      if (inWorker) copyFileSync(join(app, 'node_modules/p2p-live/dist/modules/engine.js'), join(out, 'engine.js'));
      const viewer = await Viewer.open(`http://localhost:${port}/#http://localhost:${stack.port}`);
      try {
        const sight = await viewer.plays(25);
        assert.equal(sight.error, null);
        assert.equal(sight.stats.inWorker, inWorker);
        assert.deepEqual(viewer.tab.complaints, []);
      } finally {
        await viewer.close();
      }
    }
  } finally {
    site.close();
  }
});

for (const [moduleResolution, module] of [
  ['bundler', 'esnext'],
  ['node16', 'node16'],
] as const) {
  test(`its types are right for consumers with moduleResolution ${moduleResolution}`, async () => {
    const compilerOptions = {
      ...{ moduleResolution, module, target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], types: [] },
      ...{ strict: true, noEmit: true, jsx: 'react-jsx' },
    };
    const config = join(app, `tsconfig.${moduleResolution}.json`);
    writeFileSync(config, JSON.stringify({ compilerOptions, files: ['typed.tsx'] }));
    const checked = run(process.execPath, [program('typescript/bin/tsc'), '-p', config], { cwd: app });
    assert.equal(await checked.then(() => '').catch(({ stdout }) => stdout), '');
  });
}

test('on a server it can be imported and rendered, and registers nothing', async () => {
  const script = `
    import { createElement } from 'react';
    import { renderToStaticMarkup } from 'react-dom/server';
    const { P2pLive } = await import('p2p-live');
    await import('p2p-live/define');
    await import('p2p-live/publish');
    await import('p2p-live/room');
    await import('p2p-live/p2p-live.cdn.js').catch(error => console.log('cdn', error.message));
    const { P2pLive: Player } = await import('p2p-live/react');
    console.log(typeof P2pLive, renderToStaticMarkup(createElement(Player, { name: 'a', controls: true, autoplay: false, muted: true, onStats() {} })));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: app });
  assert.equal(stdout.trim(), 'function <p2p-live name="a" controls="" muted=""></p2p-live>');
});

test('its manifest names the elements with all that can be set on them', () => {
  const { customElements } = JSON.parse(readFileSync(join(app, 'node_modules/p2p-live/package.json'), 'utf8'));
  const text = readFileSync(join(app, 'node_modules/p2p-live', customElements), 'utf8');
  const { modules } = JSON.parse(text) as {
    modules: { declarations: { tagName: string; attributes: object[]; events: object[]; cssParts: object[] }[] }[];
  };
  const tags = modules.flatMap(({ declarations }) => declarations.map(({ tagName }) => tagName));
  assert.deepEqual(tags, ['p2p-live', 'p2p-stats', 'p2p-publish', 'p2p-room']);
  for (const name of ['target-latency', 'p2pconsent', 'seekToLive', '--p2p-live-accent-color', 'captions-button'])
    assert.ok(text.includes(`"name": "${name}"`), `${name} is in it`);
  assert.ok(!/"name": "#|_\$/.test(text), 'nothing private is');
});

async function serve(folder: string): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const path = new URL(url, 'http://site').pathname;
    const file = path === '/' ? '/index.html' : path;
    try {
      const bytes = readFileSync(join(folder, file));
      const type = Object.entries(TYPES).find(([extension]) => extension === extname(file))?.[1];
      response.writeHead(200, { 'content-type': type ?? 'application/octet-stream' });
      response.end(bytes);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve));
  return server;
}
