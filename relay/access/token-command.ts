// `p2p-live-relay token …`: prints a token for whoever is to publish, to enter or to watch.

import { parseArgs } from 'node:util';
import { ConfigError } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { defaultStateDir, loadPublishKeys } from '../publish-keys.ts';
import { issueToken, type TokenRequest } from './access.ts';
import { ACTIONS } from './claims.ts';

export const TOKEN_HELP = `p2p-live-relay token: prints a token that lets its holder publish, enter or watch

  --channel NAME     a channel, or all below a name: room/demo/*; may be repeated
  --action ACTION    ${ACTIONS.join(', ')}; may be repeated (publish)
  --expires TIME     how long it is good for: 90s, 30m, 1h, 7d (1h)
  --user NAME        whose it is: in rooms it is then good for nobody else
  --config FILE      the relay's settings, for its publish key
  --help             this text

Signed with the relay's first publish key: from the settings, P2P_LIVE_PUBLISH_KEY, or the state directory.
`;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** The token, or the help text, with a line's end. Throws `ConfigError`. */
export async function tokenCommand(
  args: string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const values = parse(args);
  if (values.help) return TOKEN_HELP;
  if (!values.channel) throw new ConfigError('token: --channel is missing (see token --help)');
  const request = {
    channels: values.channel,
    actions: (values.action ?? ['publish']).map(readAction),
    expiresInSeconds: readTime(values.expires ?? '1h'),
    ...(values.user !== undefined && { user: values.user }),
  };
  const config = await loadConfig({ file: values.config, environment, flags: {} });
  const { keys } = await loadPublishKeys(config.publishKeys, config.stateDir ?? defaultStateDir(environment));
  try {
    return `${await issueToken(keys, request, Date.now())}\n`;
  } catch (error) {
    if (error instanceof TypeError) throw new ConfigError(`token: ${error.message}`);
    throw error;
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        channel: { type: 'string', multiple: true },
        action: { type: 'string', multiple: true },
        expires: { type: 'string' },
        user: { type: 'string' },
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new ConfigError(`token: ${error instanceof Error ? error.message.split('. ')[0] : error} (see token --help)`);
  }
}

function readAction(text: string): TokenRequest['actions'][number] {
  const action = ACTIONS.find(one => one === text);
  if (!action) throw new ConfigError(`--action ${text}: publish, enter or view`);
  return action;
}

function readTime(text: string): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined)
    throw new ConfigError(`--expires ${text}: write it like 90s, 30m, 1h or 7d`);
  return Number(amount) * SECONDS[unit]!; // the pattern names only these
}
