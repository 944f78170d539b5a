// Builds what the benchmarks' pages load: our element as it is delivered, and the pages with the peers' libraries.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where pages lie and go, and which. */
export interface PageBundle {
  readonly root: string;
  readonly outDir: string;
  readonly emptyOutDir: boolean;
  readonly input: readonly string[];
  readonly assetsDir?: string;
}

export async function bundlePages({ root, input, ...output }: PageBundle): Promise<void> {
  await build({
    configFile: false,
    root,
    base: './',
    publicDir: false,
    logLevel: 'error',
    // p2p-media-loader's core comes bundled with what browsers lack of Node.
    resolve: { conditions: ['p2pml:core-as-bundle', 'module', 'browser', 'production'] },
    build: { ...output, target: 'es2022', chunkSizeWarningLimit: 2_000, rollupOptions: { input: [...input] } },
  });
}

/** Makes dist/. */
export function buildElement(): void {
  const { status } = spawnSync('npm', ['run', '--silent', 'build:pages'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the element could not be built (npm run build:pages); its own message is above');
}
