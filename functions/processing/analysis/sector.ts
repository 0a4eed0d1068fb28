import type { Peer } from "./fundamentals";
import { rounded } from "./scale";
import type { ComponentName } from "./schema";
import { enoughPeers, leastPeers } from "./weights";

/** Where a firm stands among those of its sector, by one component. */
export interface Place {
  /** The share of them that it is above; of those level with it, half. */
  percentile: number;
  /** From 0 to 1, by how many they are. */
  certainty: number;
}

/** The other firms, each once, by its newest rating. */
export const othersAmong = (peers: readonly Peer[], assetId: string): Peer[] => {
  const others = new Map<string, Peer>();
  for (const peer of peers) {
    const known = others.get(peer.assetId);
    if (peer.assetId !== assetId && (!known || known.report_key < peer.report_key)) others.set(peer.assetId, peer);
  }
  return [...others.values()];
};

/** Undefined where too few of them have that component. */
export const placeAmong = (others: readonly Peer[], component: ComponentName, score: number): Place | undefined => {
  let compared = 0;
  let below = 0;
  for (const { scores } of others) {
    const other = scores[component];
    if (other === undefined || !Number.isFinite(other)) continue;
    compared++;
    if (other < score) below += 1;
    else if (other === score) below += 0.5;
  }
  if (compared < leastPeers) return undefined;
  return { percentile: rounded(below / compared), certainty: Math.min(1, compared / enoughPeers) };
};
