// The outputs of a relay, as the relay takes them in: who watches its channels, what its HTTP face gets, what its documents say.

import type { Hono } from 'hono';
import type { ChannelWatcher } from '../channels/channel.ts';
import { mountOutputs, type OutputsFace } from './mount-outputs.ts';
import { Outputs, type OutputsOptions } from './outputs.ts';

export interface OutputsPart {
  readonly outputs: Outputs;
  readonly watcher: ChannelWatcher;
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
    mount: app => mountOutputs(app, { outputs, mayView, viewPass, drainedFor, steady }),
    close: () => outputs.close(),
  };
}
