// Describes the operators' door in OpenAPI, beside the routes behind it: logging in and out is the gate's own.

import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { fails, json } from './admin-context.ts';

const tags = ['session'];
const path = '/session';

/** Adds the description; the routes are there already. */
export function describeSession({ openAPIRegistry: registry }: OpenAPIHono): void {
  const until = z
    .number()
    .nullable()
    .openapi({ description: 'Unix milliseconds; null where the token itself is shown' });
  const session = json(z.object({ until }).openapi('Session'), 'Who asks is logged in until then');
  const login = json(z.object({ token: z.string() }).openapi('Login'), 'The admin token');
  const refusals = { 401: fails('It is not the admin token'), 429: fails('Too many wrong ones: later') };
  registry.registerPath({
    ...{ method: 'post', path, tags, summary: 'Logs in', security: [] },
    description: 'Sets a cookie that is good for all of the API, for twelve hours.',
    request: { body: { ...login, required: true } },
    responses: { 200: session, ...refusals },
  });
  registry.registerPath({
    ...{ method: 'get', path, tags, summary: 'Whether one is logged in' },
    responses: { 200: session, 401: fails('One is not') },
  });
  registry.registerPath({
    ...{ method: 'delete', path, tags, summary: 'Logs out', security: [] },
    responses: { 204: { description: 'Done' } },
  });
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  registry.registerComponent('securitySchemes', 'session', {
    ...{ type: 'apiKey', in: 'cookie', name: 'p2p-live-admin' },
    description: 'Of `POST /session`',
  });
}
