// One `vite build` makes all that a browser loads. For script tags: dist/p2p-live.js (the element), its engine and more beside it, and
// dist/p2p-live.cdn.js (all of it in one file); dist/p2p-stats.js (the drawing of the swarm). For bundlers: dist/index.js, define.js, react.js
// and modules/. For `npm start`: dist/demo (the pages).

import { existsSync } from 'node:fs';
import { copyFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite';
import { printSizes } from './build/print-sizes.ts';
import { SIDE_FILES, sideFiles } from './build/side-files.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The engine's file as each build of the element finds it; in the single file the element and the engine are one. */
const ENGINE_FILES: Readonly<Record<string, string>> = { single: '', index: './engine.js' };
/** Tells Vite that a file is none of its business. */
const LEAVE_ALONE = '/* @vite-ignore */';
const WHOLE = ['single', 'wholeEngine'];

/** The worker of a built element is a file of the build. */
function builtWorker(): Plugin {
  return {
    name: 'built-worker',
    enforce: 'pre',
    resolveId: id => (id === './create-worker.ts' ? at('components/create-built-worker.ts') : null),
    transform(code, id) {
      if (!id.endsWith('create-built-worker.ts')) return;
      const file = ENGINE_FILES[this.environment.name] ?? './p2p-live-engine.js';
      return { code: code.replace(/(?<=new URL\()ENGINE_FILE/, `${LEAVE_ALONE} '${file}'`), map: null };
    },
    // Whoever bundles the element shall not leave it alone.
    renderChunk: code => ({ code: code.replace(LEAVE_ALONE, ' '.repeat(LEAVE_ALONE.length)), map: null }),
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
          .replace(/ ?([{};,]) ?/g, '$1'),
      );
      return { code: tight, map: null };
    },
  };
}

/** Puts the element beside the demo pages, which load it as any page does, and prints what it costs a visitor. */
async function deliver(): Promise<void> {
  for (const file of await readdir(at('dist')))
    if (/^p2p-(live|stats).*\.js(\.map)?$/.test(file)) await copyFile(at(`dist/${file}`), at(`dist/demo/${file}`));
  await printSizes(at('dist'));
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
      lib: { entry: at(entry), formats: ['es'], fileName: () => file },
      // In library mode Vite itself leaves the blanks in.
      rollupOptions: { output: { codeSplitting: false, minify: true } },
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
      entry: { index: at('components/index.ts'), define: at('components/define.ts'), react: at('components/react.ts') },
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
    rollupOptions: { input: [at('demo/index.html'), at('demo/embed.html')] },
  },
};

const sides = Object.values(SIDE_FILES)
  .filter(({ entry }) => existsSync(at(entry)))
  .map(({ entry, file }) => [file.replace(/\W/g, '_'), library(entry, file)] as const);

export default defineConfig({
  root: at('demo'),
  base: './',
  publicDir: false,
  build: { target: 'es2022' },
  plugins: [sideFiles({ inside: [...WHOLE, 'demo'], bundled: 'index' }), builtWorker(), tightStyles()],
  environments: {
    ...Object.fromEntries(sides),
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
