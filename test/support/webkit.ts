// Starts real WebKitGTK for tests: its MiniBrowser on a screen of its own, driven by WebKitWebDriver (https://www.w3.org/TR/webdriver2/).

import { writeFileSync } from 'node:fs';
import type { TestPage } from './browser.ts';
import { findMiniBrowser } from './find-program.mjs';
import { freePort } from './free-port.ts';
import { Program } from './program.ts';
import { until } from './until.ts';

/** What the driver's process prints of the page's console. */
const COMPLAINT = /^.*CONSOLE \S+ ERROR.*$/gm;

/** A page that doesn't answer for so long hangs. */
const COMMAND_MS = 30_000;

/** One session of the driver. */
class Session {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async command(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    return command(method, `${this.#url}${path}`, body);
  }

  /** Runs a function in the page, as Puppeteer's does. */
  evaluate(run: ((...args: unknown[]) => unknown) | string, ...args: unknown[]): Promise<unknown> {
    const script = typeof run === 'string' ? `return ${run}` : `return (${run})(...arguments)`;
    return this.command('POST', '/execute/sync', { script, args });
  }

  async screenshot({ path }: { path: string }): Promise<void> {
    writeFileSync(path, String(await this.command('GET', '/screenshot')), 'base64');
  }
}

/** Opens a page in a new MiniBrowser. */
export async function openWebKit(url: string): Promise<TestPage> {
  const binary = findMiniBrowser();
  if (!binary) throw new Error('no MiniBrowser of WebKitGTK');
  const screen = new Program('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp']);
  let driver: Program | undefined;
  let session: Session | undefined;
  const close = async () => {
    await session?.command('DELETE', '').catch(() => {});
    await driver?.stop();
    await screen.stop();
  };
  try {
    const [display] = await screen.says(/^\d+$/m);
    const port = await freePort();
    driver = new Program('WebKitWebDriver', [`--port=${port}`], {
      // As in CI there is neither a graphics card nor, for root, a sandbox.
      env: { DISPLAY: `:${display}`, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', LIBGL_ALWAYS_SOFTWARE: '1' },
    });
    session = await begin(`http://127.0.0.1:${port}/session`, binary);
    await session.command('POST', '/url', { url });
  } catch (error) {
    await close();
    throw new Error(`${String(error)}; the driver said: ${driver?.output}`);
  }
  return {
    page: session as unknown as TestPage['page'], // viewer.ts evaluates and takes screenshots, no more
    get complaints() {
      return driver?.output.match(COMPLAINT) ?? [];
    },
    close,
    async kill() {
      await driver?.stop('SIGKILL');
      await close();
    },
  };
}

async function begin(url: string, binary: string): Promise<Session> {
  const args = ['--automation', '--enable-write-console-messages-to-stdout=true'];
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } };
  let answer: unknown;
  await until(async () => {
    try {
      answer = await command('POST', url, { capabilities });
      return true;
    } catch (error) {
      if (error instanceof TypeError) return false; // the driver does not listen yet
      throw error;
    }
  }, 'the driver answers');
  return new Session(`${url}/${field(answer, 'sessionId')}`);
}

/** Sends a command and gives back its value. Throws what the driver complains about. */
async function command(method: string, url: string, body?: object): Promise<unknown> {
  const sent = { method, signal: AbortSignal.timeout(COMMAND_MS), ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(url, sent).catch(error => {
    throw error instanceof DOMException ? new Error(`${method} ${url} ${sent.body}: no answer`) : error;
  });
  const value = field(await response.json(), 'value');
  if (!response.ok) throw new Error(`${method} ${url}: ${field(value, 'error')}: ${field(value, 'message')}`);
  return value;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
