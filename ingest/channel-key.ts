// Keeps a channel's Ed25519 secret key from run to run, so that the relay knows the publisher again.

import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type Bytes, fromBase64Url, toBase64Url } from '../core/bytes.ts';

/** Where keys are kept: `XDG_STATE_HOME/p2p-live`, else `~/.local/state/p2p-live` (XDG Base Directory Specification). */
export function defaultStateDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const home = env.XDG_STATE_HOME;
  return join(home?.startsWith('/') ? home : join(homedir(), '.local', 'state'), 'p2p-live');
}

/** The channel's 32-byte secret key from the state folder; made, with mode 0600, when there is none. Throws an `Error` whose message is a sentence. */
export async function channelKey(stateDir: string, channel: string): Promise<Bytes> {
  const folder = join(stateDir, 'keys');
  // A slash can't be in a file's name, and `%` in no channel's name.
  const path = join(folder, `${channel.replaceAll('/', '%2F')}.key`);
  const found = await readKey(path);
  if (found) return found;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = new Uint8Array(randomBytes(32));
  // Written aside and linked, so that another run never reads half a key, and only the first one's stays.
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, `${toBase64Url(key)}\n`, { mode: 0o600, flag: 'wx' });
    await link(draft, path);
    return key;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw new Error(`the channel's key can't be written to ${path}: ${message(error)}`);
  } finally {
    await rm(draft, { force: true });
  }
  const other = await readKey(path); // another run was faster
  if (!other) throw new Error(`the channel's key ${path} came and went`);
  return other;
}

async function readKey(path: string): Promise<Bytes | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw new Error(`the channel's key ${path} can't be read: ${message(error)}`);
  }
  try {
    const key = fromBase64Url(text.trim());
    if (key.length === 32) return key;
  } catch {
    // told below
  }
  throw new Error(`${path} holds no key (32 bytes of base64url): remove it and the channel gets a new one`);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
