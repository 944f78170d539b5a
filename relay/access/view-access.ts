// Who may watch a channel: asked by its sessions and by everything that gives it out over HTTP.

import type { Context } from 'hono';
import { foreignOrigin } from '../http/foreign-origin.ts';
import { requestAddress } from '../http/request-address.ts';
import { requestOrigin } from '../http/request-origin.ts';
import type { AccessAnswer } from './access-answer.ts';

/** What somebody shows who wants to watch. */
export interface ViewAsk {
  /** A JSON Web Token (RFC 7519), or one of the channel's view keys. */
  readonly token?: string;
  /** The foreign page that shows the channel, as its `Origin` header tells; undefined: none does. */
  readonly origin?: string;
  /** The IP address that asks. */
  readonly address: string;
  /** It watches already, and asks for the next piece: that the channel is full is no reason. */
  readonly isThere?: boolean;
  /** What it shows has let it in before, so it is no guess. */
  readonly isKnown?: boolean;
}

/** Whether somebody may watch a channel (its name is a valid one), or a recording below `recordings/<channel>/`. Never rejects. */
export type MayView = (channel: string, ask: ViewAsk) => Promise<AccessAnswer>;

/** What a request shows: `Authorization: Bearer`, else `?token=` for players that can set no headers. */
export function viewAskOf(context: Context): ViewAsk {
  const [, bearer] = /^Bearer +(.+?) *$/i.exec(context.req.header('authorization') ?? '') ?? [];
  const token = bearer ?? (context.req.query('token') || undefined);
  const origin = foreignOrigin(context.req.header('origin'), requestOrigin(context)?.host);
  return {
    address: requestAddress(context),
    ...(token !== undefined && { token }),
    ...(origin !== undefined && { origin }),
  };
}

/** Undefined if the request may watch the channel; else the answer to give: JSON `{error: {code, message}}`, to be read by pages of any origin. */
export async function viewRefusal(context: Context, mayView: MayView, channel: string): Promise<Response | undefined> {
  const answer = await mayView(channel, viewAskOf(context));
  if (answer.ok) return undefined;
  context.header('access-control-allow-origin', '*');
  context.header('cache-control', 'no-store');
  if (answer.code === 'no-token') context.header('www-authenticate', 'Bearer');
  return context.json({ error: { code: answer.code, message: answer.reason } }, STATUS[answer.code]);
}

const STATUS = { 'no-token': 401, 'not-allowed': 403, 'too-many': 429, unavailable: 503 } as const;
