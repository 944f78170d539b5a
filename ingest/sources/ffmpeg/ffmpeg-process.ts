// An ffmpeg that never outlives the program that started it, not even when that is killed.

import { spawn } from 'node:child_process';
import process from 'node:process';

/**
 * The shell that stands between: it ends ffmpeg when its standard input closes, which the system does for a parent that is gone.
 * ffmpeg itself wouldn't notice: it reads no end of input, and writes nothing while its source is silent.
 * The first signals ask it to say goodbye to its server (two, as it ignores one while it waits for bytes); half a second later it is killed.
 */
const GUARD = `exec 3<&0 </dev/null
"$@" 3<&- & child=$!
(read _ <&3; for i in 1 2 3 4 5; do kill $child || exit; sleep 0.1; done; kill -9 $child) >/dev/null 2>&1 & guard=$!
exec 3<&- >&-
wait $child; code=$?
kill -9 $guard
exit $code`;

/** Exit codes of a shell that can't start a program (POSIX, 2.8.2). */
const NOT_STARTED = [126, 127];

/** How it ended; `missing`: it could not be started at all. */
export interface FfmpegEnd {
  readonly code: number;
  readonly missing: boolean;
}

/** A running ffmpeg. */
export interface FfmpegProcess {
  /** Its standard output. */
  readonly output: AsyncIterable<Uint8Array>;
  readonly ended: Promise<FfmpegEnd>;
  /** Ends it, however it fares: within 0.6 s. */
  kill(): void;
}

/** Starts one; `heard` is given what it says on standard error, in any split. */
export function startFfmpeg(path: string, args: readonly string[], heard: (text: string) => void): FfmpegProcess {
  const windows = process.platform === 'win32';
  const [command, ...given] = windows ? [path, ...args] : ['/bin/sh', '-c', GUARD, 'sh', path, ...args];
  const child = spawn(command!, given, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true }); // there is a first word in both
  child.stdin.on('error', () => {}); // it went first
  child.stdout.on('error', () => {}); // told by `ended`
  child.stderr.setEncoding('utf8').on('data', heard);
  const ended = new Promise<FfmpegEnd>(resolve => {
    child.on('error', () => resolve({ code: -1, missing: true }));
    child.on('close', code => resolve({ code: code ?? -1, missing: !windows && NOT_STARTED.includes(code ?? -1) }));
  });
  return {
    output: child.stdout,
    ended,
    kill() {
      // What it still has to give is nobody's any more; unread it would keep the process from ending.
      child.stdout.destroy();
      child.stdin.destroy();
      if (windows) child.kill();
    },
  };
}
