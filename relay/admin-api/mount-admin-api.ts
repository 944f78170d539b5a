// Adds the admin API to the relay's HTTP face, behind the operators' door, and its description in OpenAPI.

import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { type AdminContext, adminRoutes, failure } from './admin-context.ts';
import { addChangeRoute } from './change-route.ts';
import { addChannelRoutes } from './channel-routes.ts';
import { describeSession } from './describe-session.ts';
import { addLogRoutes } from './log-routes.ts';
import { addRecordingRoutes } from './recording-routes.ts';
import { addRelayRoutes } from './relay-routes.ts';
import { addViewTokenRoute } from './view-token-route.ts';

const PATH = '/admin/api';
const DESCRIPTION =
  'All that the dashboard does. Whatever is no success says why: {"error": {"code", "message"}}; 401 asks for the token, 429 to come later.';
/** Bytes of a request's body: an entry of a channel. */
const MAX_BODY = 65_536;

export function mountAdminApi(app: Hono, context: AdminContext): void {
  const { gate, about, log } = context;
  const api = adminRoutes();
  api.use('*', gate.operator);
  const onError = () => Response.json(failure('too-long', `at most ${MAX_BODY} bytes are read`), { status: 413 });
  api.use('*', bodyLimit({ maxSize: MAX_BODY, onError }));
  api.use('*', async ({ req }, next) => {
    const type = req.header('content-type');
    const isJson = /^application\/json\b/i.test(type ?? '');
    const hasBody = type !== undefined || Number(req.header('content-length') ?? 0) > 0;
    if (hasBody && !isJson) throw new HTTPException(415, { message: 'a body is JSON: content-type application/json' });
    await next();
  });
  addRelayRoutes(api, context);
  addChannelRoutes(api, context);
  addChangeRoute(api, context);
  addViewTokenRoute(api, context);
  addRecordingRoutes(api, context);
  addLogRoutes(api, context);
  describeSession(api);
  let document: string | undefined;
  api.get('/openapi.json', answer => {
    document ??= documentOf(api, about.version);
    return answer.body(document, 200, { 'content-type': 'application/json' });
  });
  api.all('*', context => context.json(failure('not-found', 'the API has no such path'), 404));
  api.onError((error, context) => {
    if (error instanceof HTTPException) return context.json(failure('bad-request', error.message), error.status);
    log.error({ path: context.req.path, error: String(error) }, 'an operator could not be answered');
    return context.json(failure('internal', 'the relay failed at this: its log says why'), 500);
  });
  app.route(PATH, api);
}

function documentOf(api: OpenAPIHono, version: string): string {
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'p2p-live relay', version, description: DESCRIPTION },
    servers: [{ url: PATH }],
    security: [{ token: [] }, { session: [] }],
  });
  // Behind a pattern the generator writes its flags, which JSON Schema has none of.
  return JSON.stringify(document).replaceAll(/\$\/i"/g, '$"');
}
