// A relay with an admin token, over real HTTP.

import assert from 'node:assert/strict';
import type { RelayConfigInput } from '../../../../relay/config/config.ts';
import type { Relay } from '../../../../relay/relay.ts';
import { temporaryDirectory, testRelay } from '../fixtures.ts';

export const ADMIN_TOKEN = 'the token of these operators';

export interface OperatedRelay {
  readonly relay: Relay;
  /** Asks the API, with the token; a body makes it JSON. */
  ask(path: string, init?: { readonly method?: string; readonly body?: unknown }): Promise<Response>;
  /** The same, for what is to succeed: what was answered. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what came, whatever it is
  get(path: string): Promise<any>;
}

export async function operatedRelay(config: RelayConfigInput = {}): Promise<OperatedRelay> {
  const relay = await testRelay({
    stateDir: temporaryDirectory(),
    ...config,
    admin: { token: ADMIN_TOKEN, ...config.admin },
  });
  const ask: OperatedRelay['ask'] = (path, { method = 'GET', body } = {}) =>
    fetch(`${relay.url}/admin/api/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return {
    relay,
    ask,
    async get(path) {
      const response = await ask(path);
      assert.equal(response.status, 200, `${path}: ${response.status}`);
      return response.json();
    },
  };
}
