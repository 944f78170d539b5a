// nginx with its RTMP module on loopback, as a site may have run it for years: takes RTMP, gives RTMP and HLS.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPath } from '../../demo/find-program.mjs';
import { NGINX_RTMP } from './find-program.mjs';
import { freePort } from './free-port.ts';
import { Program } from './program.ts';
import { until } from './until.ts';

/** A running server. */
export interface LegacyServer {
  /** Where encoders push to and players pull from: add a stream's name. */
  readonly rtmp: string;
  /** Where the playlists are: add `<name>.m3u8`. */
  readonly hls: string;
  /** Whether a stream has segments to give. */
  serves(name: string): boolean;
  stop(): Promise<void>;
}

/** Starts one; throws when nginx or the module isn't installed. */
export async function startLegacyServer(): Promise<LegacyServer> {
  const command = onPath('nginx') ?? '/usr/sbin/nginx';
  if (!existsSync(command) || !existsSync(NGINX_RTMP)) throw new Error('no nginx with libnginx-mod-rtmp');
  const folder = mkdtempSync(join(tmpdir(), 'p2p-live-nginx-'));
  mkdirSync(join(folder, 'hls'));
  const [rtmpPort, httpPort] = [await freePort(), await freePort()];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    join(folder, 'nginx.conf'),
    `load_module ${NGINX_RTMP};
daemon off; master_process off; pid ${folder}/pid; error_log stderr warn;
events {}
rtmp {
  server {
    listen 127.0.0.1:${rtmpPort};
    application live { live on; wait_key on; hls on; hls_path ${folder}/hls; hls_fragment 1s; hls_playlist_length 6s; }
  }
}
http {
  access_log off;
  ${temporary.map(name => `${name}_temp_path ${folder}/${name};`).join(' ')}
  server { listen 127.0.0.1:${httpPort}; root ${folder}; location /hls { add_header cache-control no-cache; } }
}
`,
  );
  const program = new Program(command, ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', 'stderr']);
  const answers = () =>
    fetch(`http://127.0.0.1:${httpPort}/`).then(
      () => true,
      () => false,
    );
  await until(answers, () => `nginx answers; it said: ${program.output}`);
  return {
    rtmp: `rtmp://127.0.0.1:${rtmpPort}/live/`,
    hls: `http://127.0.0.1:${httpPort}/hls/`,
    serves: name => existsSync(join(folder, 'hls', `${name}.m3u8`)),
    async stop() {
      await program.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
