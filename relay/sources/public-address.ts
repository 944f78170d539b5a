// A source's address as others may read it.

const URL_START = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Without user, password and query, where credentials are; of `ffmpeg:<options> -i <input>` each address in it. */
export function publicAddress(source: string): string {
  return source
    .split(/(\s+)/)
    .map(word => {
      const [, before = '', address = word] = /^(ffmpeg:)?(.*)$/is.exec(word) ?? [];
      if (!URL_START.test(address)) return word;
      const plain = address.replace(/^([^/]*\/\/)[^/?#]*@/, '$1').replace(/[?#].*$/s, '?…');
      return `${before}${plain}`;
    })
    .join('');
}
