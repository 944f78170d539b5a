// The operator's door: lets in by the admin token, or by the cookie of a session that was opened with it.

import type { Context, Hono, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Millis } from '../../core/time.ts';
import { foreignOrigin } from '../http/foreign-origin.ts';
import { requestAddress } from '../http/request-address.ts';
import { requestOrigin } from '../http/request-origin.ts';
import type { Log } from '../log.ts';
import { ADMIN_SESSION, AdminSessions } from './admin-sessions.ts';
import { equalSecrets } from './equal-secrets.ts';
import { FailedTries } from './failed-tries.ts';

export interface AdminGateOptions {
  /** The admin token in force; undefined: there is no admin face. */
  readonly token: () => string | undefined;
  /** The wall clock, Unix milliseconds. */
  readonly clock: () => Millis;
  /** A steady clock, milliseconds. */
  readonly steady: () => Millis;
  readonly log: Log;
}

export interface AdminGate {
  /** For what is shown before the login, as page and assets: 404 where there is no admin token. */
  readonly present: MiddlewareHandler;
  /** For all else: the same, and 401 to whoever has neither a session (cookie) nor the token (`Authorization: Bearer`). */
  readonly operator: MiddlewareHandler;
  /** As `operator`, but another token is good as well, if there is one: for `/metrics`, which is there with either. */
  orToken(other: () => string | undefined): MiddlewareHandler;
  /** Adds `/admin/api/session`: POST {token} logs in, GET tells whether one is in, both answer {until: Unix milliseconds}; DELETE logs out. */
  mount(app: Hono): void;
}

const COOKIE = 'p2p-live-admin';
const PATH = '/admin/api/session';
/** Wrong tokens from one address, and within which time. */
const TRIES = { most: 10, within: 60_000 } as const;
/** Bytes of a login; a token has at most 512 characters. */
const MAX_LOGIN = 4_096;

/** The gate of one relay. Its refusals are JSON: {error: {code, message}}. */
export function createAdminGate({ token, clock, steady, log }: AdminGateOptions): AdminGate {
  const sessions = new AdminSessions();
  const tries = new FailedTries(TRIES.most, TRIES.within);

  /** Undefined when one of the secrets was shown. */
  const tryToken = (context: Context, shown: string, secrets: readonly string[]): Response | undefined => {
    const address = requestAddress(context);
    const wait = tries.waitOf(address, steady());
    if (wait > 0) {
      context.header('retry-after', String(Math.ceil(wait / 1_000)));
      return refuse(context, 429, 'too-many', 'too many wrong tokens from this address: try again in a minute');
    }
    if (secrets.some(secret => equalSecrets(secret, shown))) return undefined;
    tries.failed(address, steady());
    log.warn({ address, path: context.req.path }, 'a wrong admin token was shown');
    return refuse(context, 401, 'not-allowed', 'this is not the admin token');
  };

  const sessionEnd = (context: Context): Millis | undefined => {
    const [id, secret] = [getCookie(context, COOKIE), token()];
    return id === undefined || secret === undefined ? undefined : sessions.find(id, secret, clock());
  };

  const check = (context: Context, others: readonly string[]): Response | undefined => {
    const secret = token();
    const secrets = secret === undefined ? others : [secret, ...others];
    if (secrets.length === 0) return absent(context);
    context.header('cache-control', 'no-store');
    const [, shown] = /^Bearer +(.+?) *$/i.exec(context.req.header('authorization') ?? '') ?? [];
    if (shown !== undefined) return tryToken(context, shown, secrets);
    if (sessionEnd(context) !== undefined) return isForeign(context) ? foreign(context) : undefined;
    context.header('www-authenticate', 'Bearer');
    return refuse(context, 401, 'no-token', 'log in, or show the admin token: "Authorization: Bearer …"');
  };

  const guard = (others: () => readonly string[]): MiddlewareHandler => {
    return async (context, next) => check(context, others()) ?? (await next());
  };

  const logIn = async (context: Context): Promise<Response> => {
    const secret = token();
    if (secret === undefined) return absent(context);
    context.header('cache-control', 'no-store');
    if (isForeign(context)) return foreign(context);
    const shown = await readLogin(context);
    if (shown === undefined) return refuse(context, 400, 'bad-request', 'JSON is expected: {"token": "…"}');
    const refused = tryToken(context, shown, [secret]);
    if (refused) return refused;
    const now = clock();
    setCookie(context, COOKIE, sessions.open(secret, now), {
      ...{ httpOnly: true, sameSite: 'Strict', path: '/admin', maxAge: ADMIN_SESSION / 1_000 },
      secure: requestOrigin(context)?.secure ?? false,
    });
    log.info({ address: requestAddress(context) }, 'an operator has logged in');
    return context.json({ until: now + ADMIN_SESSION });
  };

  return {
    present: async (context, next) => (token() === undefined ? absent(context) : await next()),
    operator: guard(() => []),
    orToken: other => guard(() => [other()].filter(one => one !== undefined)),
    mount(app) {
      app.post(PATH, logIn);
      app.get(
        PATH,
        guard(() => []),
        context => context.json({ until: sessionEnd(context) ?? null }),
      );
      app.delete(PATH, context => {
        const id = getCookie(context, COOKIE);
        if (id !== undefined && !isForeign(context)) {
          sessions.close(id);
          deleteCookie(context, COOKIE, { path: '/admin' });
        }
        return context.body(null, 204);
      });
    },
  };
}

/** Undefined when the body is no login. */
async function readLogin(context: Context): Promise<string | undefined> {
  if (Number(context.req.header('content-length') ?? MAX_LOGIN + 1) > MAX_LOGIN) return undefined;
  const body: unknown = await context.req.json().catch(() => undefined);
  const token: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'token') : undefined;
  return typeof token === 'string' ? token : undefined;
}

/** A page of somebody else's that has the operator's browser ask: the cookie is not enough then, whatever the browser knows of SameSite. */
function isForeign(context: Context): boolean {
  return foreignOrigin(context.req.header('origin'), requestOrigin(context)?.host) !== undefined;
}

const foreign = (context: Context) => refuse(context, 403, 'not-allowed', 'pages of other origins may not ask this');
const absent = (context: Context) => refuse(context, 404, 'not-found', 'there is nothing here');

function refuse(context: Context, status: 400 | 401 | 403 | 404 | 429, code: string, message: string): Response {
  return context.json({ error: { code, message } }, status);
}
