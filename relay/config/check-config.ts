// `p2p-live-relay --check-config`: says what is wrong, and starts nothing.

import { access, constants } from 'node:fs/promises';
import { loadJwtKey } from '../access/jwt-keys.ts';
import { readCertificate } from '../certificate.ts';
import { defaultStateDir } from '../publish-keys.ts';
import { readAddedChannels } from '../sources/added-channels.ts';
import { ConfigError } from './config.ts';
import { type ConfigSources, loadConfig } from './load-config.ts';

/** All that is wrong with the configuration, with the files that it names, and with the channels that were added to it. */
export async function checkConfig(sources: ConfigSources): Promise<readonly string[]> {
  const mistakes: string[] = [];
  const collect = async (check: () => Promise<void>) => {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      mistakes.push(...error.mistakes);
    }
  };
  await collect(async () => {
    const { tls, access: rules, stateDir } = await loadConfig(sources);
    const files: [string, string | undefined][] = [
      ['tls.certFile', tls?.certFile],
      ['tls.keyFile', tls?.keyFile],
    ];
    for (const [place, file] of files) if (file !== undefined) await collect(() => mustBeReadable(place, file));
    if (tls && mistakes.length === 0) await collect(async () => void (await readCertificate(tls)));
    for (const [at, key] of rules.jwt.keys.entries()) {
      await collect(async () => void (await loadJwtKey(key, `access.jwt.keys.${at}`)));
    }
    await collect(async () => void (await readAddedChannels(stateDir ?? defaultStateDir(sources.environment))));
  });
  return mistakes;
}

async function mustBeReadable(place: string, file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw new ConfigError(`${place}: ${file} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}
