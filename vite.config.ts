// One `vite build` makes all that a browser loads. For script tags: dist/p2p-live.js (the element), its engine and more beside it, and
// dist/p2p-live.cdn.js (all of it in one file); dist/p2p-stats.js (the drawing of the swarm), dist/p2p-publish.js and dist/p2p-room.js, with their
// engine beside them; dist/p2p-admin.js (the relay's dashboard). For bundlers: dist/index.js, define.js, react.js, publish.js, room.js and modules/. For `npm start`: dist/demo (the pages).

import { existsSync } from 'node:fs';
import { copyFile, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite';
import { printSizes } from './build/print-sizes.ts';
import { SIDE_FILES, sideFiles } from './build/side-files.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The engines' files as each build of an element finds them; in the single file the element and the engine are one. */
const ENGINE_FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  live: { single: '', index: './engine.js' },
  publish: { index: './publish-engine.js' },
};
/** What the builds of further elements are called. */
const MORE_FILES: Readonly<Record<string, string>> = {
  publish: 'p2p-publish.js',
  room: 'p2p-room.js',
  admin: 'p2p-admin.js',
  wholePublishEngine: 'modules/publish-engine.js',
};
/** Tells Vite that a file is none of its business. */
const LEAVE_ALONE = '/* @vite-ignore */';
const WHOLE = ['single', 'wholeEngine', 'wholePublishEngine'];

/** The worker of a built element is a file of the build: the player's, or the publisher's. */
function builtWorker(): Plugin {
  return {
    name: 'built-worker',
    enforce: 'pre',
    resolveId(id, importer = '') {
      if (id !== './create-worker.ts') return null;
      return `${at('components/create-built-worker.ts')}?${importer.includes('/publish/') ? 'publish' : 'live'}`;
    },
    transform(code, id) {
      const [, kind] = /create-built-worker\.ts\?(\w+)$/.exec(id) ?? [];
      if (!kind) return;
      const { name } = this.environment;
      const file = ENGINE_FILES[kind]?.[name] ?? `./p2p-${kind}-engine.js`;
      // A policy's name is a page's to give once: each file has its own for what it makes.
      const worker = name === 'room' ? `p2p-room-${kind}` : `p2p-${kind}`;
      return {
        code: code
          .replace(/(?<=new URL\()ENGINE_FILE/, `${LEAVE_ALONE} '${file}'`)
          .replace(/(?<!const )WORKER_NAME/g, `'${worker}'`),
        map: null,
      };
    },
    // Whoever bundles the element shall not leave it alone.
    renderChunk: code => ({ code: code.replaceAll(LEAVE_ALONE, ' '.repeat(LEAVE_ALONE.length)), map: null }),
  };
}

/** Leaves out the blanks of the styles that are written in templates. */
function tightStyles(): Plugin {
  return {
    name: 'tight-styles',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/components/') || !code.includes('css`')) return;
      const tight = code.replace(/css`[^`]*`/g, style =>
        style
          .replace(/\/\*.*?\*\//gs, '')
          .replace(/\s+/g, ' ')
          .replace(/ ?([{};,>]) ?/g, '$1')
          .replace(/: /g, ':')
          .replace(/;}/g, '}')
          .replace(/(?<![\d.])0(?=\.\d)/g, ''),
      );
      return { code: tight, map: null };
    },
  };
}

/** Puts the element beside the demo pages, which load it as any page does, and prints what it costs a visitor. */
async function deliver(): Promise<void> {
  for (const file of await readdir(at('dist')))
    if (/^p2p-(?!admin).*\.js(\.map)?$/.test(file)) await copyFile(at(`dist/${file}`), at(`dist/demo/${file}`));
  await printSizes(at('dist'));
}

/** Those of the files that are there, from the root. */
function existing(files: Readonly<Record<string, string>>): Record<string, string> {
  const found = Object.entries(files).filter(([, file]) => existsSync(at(file)));
  return Object.fromEntries(found.map(([name, file]) => [name, at(file)]));
}

/** A file that is complete in itself. */
function library(entry: string, file: string): EnvironmentOptions {
  return {
    consumer: 'client',
    build: {
      outDir: at('dist'),
      emptyOutDir: false,
      sourcemap: true,
      minify: true,
      reportCompressedSize: false,
      copyPublicDir: false,
      lib: { entry: resolve(at('.'), entry), formats: ['es'], fileName: () => file },
      // In library mode Vite itself leaves the blanks in.
      rollupOptions: { output: { codeSplitting: false, minify: true, comments: { annotation: false } } },
    },
  };
}

/** Modules that share what they have in common, for bundlers, which minify and split by themselves. */
const index: EnvironmentOptions = {
  consumer: 'client',
  build: {
    outDir: at('dist'),
    emptyOutDir: false,
    sourcemap: true,
    minify: false,
    reportCompressedSize: false,
    copyPublicDir: false,
    lib: {
      entry: existing({
        index: 'components/index.ts',
        define: 'components/define.ts',
        react: 'components/react.ts',
        publish: 'components/publish/define-publish.ts',
        room: 'components/room/define-room.ts',
      }),
      formats: ['es'],
    },
    rollupOptions: {
      external: [/^lit/, 'react'],
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'modules/[name].js',
        banner: chunk => (chunk.name === 'react' ? "'use client';" : ''),
      },
    },
  },
};

const demo: EnvironmentOptions = {
  consumer: 'client',
  build: {
    outDir: at('dist/demo'),
    emptyOutDir: true,
    sourcemap: true,
    reportCompressedSize: false,
    rollupOptions: {
      input: existing({
        index: 'demo/index.html',
        embed: 'demo/embed.html',
        publish: 'demo/publish.html',
        room: 'demo/room.html',
        recording: 'demo/recording.html',
      }),
    },
  },
};

const sides = Object.values(SIDE_FILES)
  .filter(({ entry }) => existsSync(at(entry)))
  .map(({ entry, file }) => [file.replace(/\W/g, '_'), library(entry, file)] as const);
const more = Object.entries(
  existing({
    publish: 'components/publish/define-publish.ts',
    room: 'components/room/define-room.ts',
    admin: 'components/admin/define-admin.ts',
    wholePublishEngine: 'components/publish/engine/worker.ts',
  }),
).map(([name, entry]) => [name, library(entry, MORE_FILES[name]!)] as const); // each has one

export default defineConfig({
  root: at('demo'),
  base: './',
  publicDir: false,
  build: { target: 'es2022' },
  plugins: [
    sideFiles({ inside: [...WHOLE, 'demo'], single: 'single', bundled: 'index' }),
    builtWorker(),
    tightStyles(),
  ],
  environments: {
    ...Object.fromEntries([...sides, ...more]),
    element: library('components/define.ts', 'p2p-live.js'),
    single: library('components/single-file.ts', 'p2p-live.cdn.js'),
    stats: library('components/stats/define-stats.ts', 'p2p-stats.js'),
    wholeEngine: library('components/engine/worker.ts', 'modules/engine.js'),
    index,
    demo,
  },
  builder: {
    async buildApp(builder) {
      const { client: _client, ...environments } = builder.environments; // Vite's own, of which nothing is built
      for (const environment of Object.values(environments))
        if (environment.name !== 'ssr') await builder.build(environment);
      await deliver();
    },
  },
});
