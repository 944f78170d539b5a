// Who comes when, and with churn who leaves when and who takes that place.

/** One viewer's stay: host 1…N, moments in ms from the first viewer's start. Without `leavesAt` it stays to the end. */
export interface Stay {
  readonly host: number;
  readonly joinsAt: number;
  readonly leavesAt: number | undefined;
}

/** All join within this (ms), so that each is a newcomer to those before. */
const JOIN_MS = 9_000;
/** Share of the viewers that leave, and of others that come, in a minute. */
const CHURN = 0.3;
/** Between a leave and the join that makes up for it (ms). */
const GAP_MS = 1_000;

/** The stays of a run of `seconds`, by the moment of joining; leaves begin when everybody has been there for a while. */
export function planStays(viewers: number, seconds: number, churn: boolean): Stay[] {
  const step = viewers > 1 ? JOIN_MS / (viewers - 1) : 0;
  const first = Array.from({ length: viewers }, (_, index) => ({ host: index + 1, joinsAt: Math.round(index * step) }));
  if (!churn) return first.map(stay => ({ ...stay, leavesAt: undefined }));
  const period = 60_000 / (CHURN * viewers);
  const stays: Stay[] = [];
  const leaves: { host: number; at: number }[] = [];
  // Leavers are spread over those who came early and late; whoever came in their place stays.
  for (let at = JOIN_MS + period / 2; at < seconds * 1_000 - 2 * GAP_MS && leaves.length < viewers - 1; at += period) {
    const host = 1 + ((leaves.length * 2) % viewers) + (leaves.length * 2 >= viewers && viewers % 2 === 0 ? 1 : 0);
    leaves.push({ host, at: Math.round(at) });
  }
  for (const stay of first) {
    stays.push({ ...stay, leavesAt: leaves.find(leave => leave.host === stay.host)?.at });
  }
  for (const { host, at } of leaves) stays.push({ host, joinsAt: at + GAP_MS, leavesAt: undefined });
  return stays.sort((a, b) => a.joinsAt - b.joinsAt);
}
