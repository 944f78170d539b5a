// The outputs of a relay, as the relay takes them in: who watches its channels, what its HTTP face gets, what its documents say.

import type { Hono } from 'hono';
import type { ChannelWatcher } from '../channels/channel.ts';
import { mountOutputs, type OutputsFace } from './mount-outputs.ts';
import { Outputs, type OutputsOptions } from './outputs.ts';
import { RecordedHls } from './recorded-hls.ts';

export interface OutputsPart {
  readonly outputs: Outputs;
  readonly watcher: ChannelWatcher;
  /** Undefined where there is nothing for other players. */
  readonly recorded: RecordedHls | undefined;
  readonly mount: (app: Hono) => void;
  /** Ends what is open. */
  close(): void;
}

export function createOutputs(
  options: OutputsOptions & Pick<OutputsFace, 'mayView' | 'viewPass' | 'drainedFor'>,
): OutputsPart {
  const outputs = new Outputs(options);
  const { mayView, viewPass, drainedFor, steady } = options;
  return {
    outputs,
    watcher: outputs.watcher,
    recorded: outputs.enabled ? new RecordedHls() : undefined,
    mount: app => mountOutputs(app, { outputs, mayView, viewPass, drainedFor, steady }),
    close: () => outputs.close(),
  };
}
