// Adds `/metrics`, for Prometheus, with the admin token or one that is good for nothing else.

import type { Hono } from 'hono';
import type { Millis } from '../../core/time.ts';
import { Metrics } from '../figures/metrics.ts';
import type { AdminContext } from './admin-context.ts';

export function mountMetrics(app: Hono, context: AdminContext & { readonly steady: () => Millis }): void {
  const { gate, live, drain } = context;
  const metrics = new Metrics({ ...context, isDraining: () => drain.reason !== undefined });
  const mayRead = gate.orToken(() => live.current.admin.metricsToken);
  app.get('/metrics', mayRead, async answer => {
    return answer.body(await metrics.text(), 200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
  });
}
