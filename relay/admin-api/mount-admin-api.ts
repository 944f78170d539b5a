// Adds the admin API to the relay's HTTP face, behind the operators' door, and its description in OpenAPI.

import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type AdminContext, adminRoutes, failure } from './admin-context.ts';
import { addChangeRoute } from './change-route.ts';
import { addChannelRoutes } from './channel-routes.ts';
import { addLogRoutes } from './log-routes.ts';
import { addRecordingRoutes } from './recording-routes.ts';
import { addRelayRoutes } from './relay-routes.ts';
import { addViewTokenRoute } from './view-token-route.ts';

const PATH = '/admin/api';
/** Bytes of a request's body: an entry of a channel. */
const MAX_BODY = 65_536;

export function mountAdminApi(app: Hono, context: AdminContext): void {
  const { gate, about, log } = context;
  const api = adminRoutes();
  api.use('*', gate.operator);
  const onError = () => Response.json(failure('too-long', `at most ${MAX_BODY} bytes are read`), { status: 413 });
  api.use('*', bodyLimit({ maxSize: MAX_BODY, onError }));
  addRelayRoutes(api, context);
  addChannelRoutes(api, context);
  addChangeRoute(api, context);
  addViewTokenRoute(api, context);
  addRecordingRoutes(api, context);
  addLogRoutes(api, context);
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    ...{ type: 'apiKey', in: 'cookie', name: 'p2p-live-admin' },
    description: 'Of `POST /admin/api/session`, which takes {"token": "…"}',
  });
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'p2p-live relay', version: about.version, description: 'All that the dashboard does.' },
    servers: [{ url: PATH }],
    security: [{ token: [] }, { session: [] }],
  });
  api.all('*', context => context.json(failure('not-found', 'the API has no such path'), 404));
  api.onError((error, context) => {
    log.error({ path: context.req.path, error: String(error) }, 'an operator could not be answered');
    return context.json(failure('internal', 'the relay failed at this: its log says why'), 500);
  });
  app.route(PATH, api);
}
