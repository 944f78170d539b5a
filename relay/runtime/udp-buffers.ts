// Gives a UDP socket of this process larger buffers (Linux): Deno has no option for it, and the usual 208 KiB overflow at some hundred viewers,
// whose acknowledgements and handshakes are then lost.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The part of Deno's foreign function interface used here. */
interface ForeignFunctions {
  dlopen(
    library: string,
    symbols: { setsockopt: { parameters: readonly string[]; result: 'i32' } },
  ): {
    readonly symbols: {
      setsockopt(socket: number, level: number, option: number, value: Int32Array, size: number): number;
    };
    close(): void;
  };
}

declare const Deno: Partial<ForeignFunctions>;

/** setsockopt's numbers on Linux (asm-generic/socket.h). FORCE goes beyond net.core.rmem_max and needs CAP_NET_ADMIN. */
const SOL_SOCKET = 1;
const OPTIONS = { receive: { plain: 8, force: 33 }, send: { plain: 7, force: 32 } };

/** Bytes asked for; the kernel doubles them for its own use. */
const BUFFER_BYTES = 8 * 1024 * 1024;

/** Enlarges both buffers of the UDP sockets bound to a port; says why it couldn't, if so. */
export function enlargeUdpBuffers(port: number): string | undefined {
  if (process.platform !== 'linux') return undefined; // elsewhere the defaults are larger
  try {
    const sockets = socketsOf(port);
    if (sockets.length === 0) return `no socket found on UDP port ${port}`;
    if (!Deno.dlopen) return 'Deno has no foreign functions here';
    const library = Deno.dlopen('libc.so.6', {
      setsockopt: { parameters: ['i32', 'i32', 'i32', 'buffer', 'u32'], result: 'i32' },
    });
    const value = Int32Array.of(BUFFER_BYTES);
    for (const socket of sockets) {
      for (const { plain, force } of Object.values(OPTIONS)) {
        const set = (option: number) => library.symbols.setsockopt(socket, SOL_SOCKET, option, value, 4) === 0;
        if (!set(force)) set(plain);
      }
    }
    library.close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** File descriptors of this process that are UDP sockets bound to a port. */
function socketsOf(port: number): number[] {
  const inodes = new Set<string>();
  for (const table of ['/proc/self/net/udp', '/proc/self/net/udp6']) {
    let lines: string[];
    try {
      lines = readFileSync(table, 'utf8').trim().split('\n').slice(1);
    } catch {
      continue; // no IPv6
    }
    for (const line of lines) {
      const fields = line.trim().split(/\s+/);
      if (Number.parseInt(fields[1]?.split(':')[1] ?? '', 16) === port && fields[9]) inodes.add(fields[9]);
    }
  }
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter(fd => {
      try {
        return inodes.has(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? '');
      } catch {
        return false; // closed meanwhile
      }
    });
}
