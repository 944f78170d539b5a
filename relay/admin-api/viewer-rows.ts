// Sessions of viewers as the admin API tells of them, and how it ends one.

import type { AdminViewer } from '../../core/admin/answers.ts';
import { PublisherSession } from '../sessions/publisher-session.ts';
import type { Session } from '../sessions/session.ts';
import type { ViewerSession } from '../sessions/viewer-session.ts';

const MAX_VIEWERS = 1_000;
const ENDED = 'an operator has ended this session';

/** The sessions of a channel's viewers, the oldest first. */
export function viewersOf(sessions: Iterable<Session>, channel: string): AdminViewer[] {
  const rows: AdminViewer[] = [];
  for (const { link, role } of sessions) {
    if (!isViewer(role) || role.channel.name !== channel) continue;
    const { number, since, latencyMs = null, stalls = null, nat, place } = role.quality;
    rows.push({ id: `${number}`, transport: link.transport, since, latencyMs, stalls, nat, place: place || null });
    if (rows.length >= MAX_VIEWERS) break;
  }
  return rows;
}

/** Ends the session of a viewer, or of the publisher when none is named; false when there is none. */
export function endSession(sessions: Iterable<Session>, channel: string, viewer: string | undefined): boolean {
  for (const session of sessions) {
    const { role } = session;
    if (role?.channel.name !== channel) continue;
    const isMeant =
      viewer === undefined
        ? role instanceof PublisherSession && role.channel.publisher === role
        : isViewer(role) && `${role.quality.number}` === viewer;
    if (!isMeant) continue;
    session.refuse('not-allowed', ENDED);
    return true;
  }
  return false;
}

function isViewer(role: Session['role']): role is ViewerSession {
  return role?.kind === 'viewer';
}
