// Where encoders are listened for: `rtmp://host:port[/application]`.

/** A parsed address. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** The first segment of the paths that encoders publish to. */
  readonly application: string;
}

const DEFAULT_PORT = 1_935;
const DEFAULT_APPLICATION = 'live';

/** Reads an address; what is wrong with it is said in one sentence. Port 0 takes any free one. */
export function readListenAddress(text: string): ListenAddress | string {
  const like = 'give one like rtmp://0.0.0.0:1935';
  const found = /^rtmp:\/\/(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?(?:\/([\w.~-]*))?$/i.exec(text);
  if (!found) return `"${text}" is no address to listen on: ${like}`;
  const [, host = '', port = `${DEFAULT_PORT}`, application = ''] = found;
  if (Number(port) > 65_535) return `${text}: ports go up to 65535`;
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port),
    application: application || DEFAULT_APPLICATION,
  };
}
