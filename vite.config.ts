// One `vite build` makes all that a browser loads: dist/p2p-live.js (the element), dist/p2p-live-engine.js (its worker),
// dist/p2p-stats.js (the drawing of the swarm, for pages that want it), dist/index.js (the classes, for bundlers), dist/demo (the pages).

import { copyFile, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The engine is a file of its own beside the element: a worker's script, and what a page that may not have workers imports.
 * So a page pays for it once, and neither needs a bundler. Ed25519 in JavaScript is another, for browsers that lack it.
 */
function filesBeside(): Plugin {
  return {
    name: 'files-beside',
    enforce: 'pre',
    resolveId(id, importer) {
      if (!importer) return null;
      if (id === './ed25519.ts') return { id: './p2p-live-ed25519.js', external: 'relative' };
      if (this.environment.name === 'engine') return null;
      if (id === './create-worker.ts') return at('components/create-built-worker.ts');
      return id === './stream-engine.ts' ? { id: './p2p-live-engine.js', external: 'relative' } : null;
    },
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
  for (const file of ['p2p-live.js', 'p2p-live-engine.js', 'p2p-live-ed25519.js', 'p2p-stats.js']) {
    const bytes = await readFile(at(`dist/${file}`));
    console.log(`${file}: ${kilobytes(bytes.length)} minified, ${kilobytes(gzipSync(bytes).length)} gzipped`);
    for (const name of [file, `${file}.map`]) await copyFile(at(`dist/${name}`), at(`dist/demo/${name}`));
  }
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

function library(entry: string, file: string, external: (string | RegExp)[]): EnvironmentOptions {
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
      rollupOptions: { external, output: { codeSplitting: false, minify: true } },
    },
  };
}

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

export default defineConfig({
  root: at('demo'),
  base: './',
  publicDir: false,
  build: { target: 'es2022' },
  plugins: [filesBeside(), tightStyles()],
  environments: {
    ed25519: library('core/ed25519.ts', 'p2p-live-ed25519.js', []),
    engine: library('components/engine/worker.ts', 'p2p-live-engine.js', []),
    element: library('components/define.ts', 'p2p-live.js', []),
    stats: library('components/stats/define-stats.ts', 'p2p-stats.js', []),
    index: library('components/index.ts', 'index.js', [/^lit/]),
    demo,
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['ed25519', 'engine', 'element', 'stats', 'index', 'demo'])
        await builder.build(builder.environments[name]!);
      await deliver();
    },
  },
});
