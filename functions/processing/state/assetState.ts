import type { Priority } from "../events/fields";
import type { DataType } from "../fundamentals/dataTypes";
import { isOpen, mayFollow, type Status, wholeOf } from "./status";

export interface TypeState {
  status: Status;
  requested_at: string;
  /** When data of this type was last stored. It outlives later requests. */
  stored_at?: string;
  attempts: number;
  error?: string;
}

/** One row for each company: how far its data has come. */
export interface AssetState {
  asset_id: string;
  /** Counts the changes; whoever writes names the one that it read. */
  version: number;
  status: Status;
  /** What the running round, or the last one, was asked for. */
  requested: DataType[];
  types: Partial<Record<DataType, TypeState>>;
  priority: Priority;
  /** Share of what was asked for that is stored. */
  progress: number;
  attempts: number;
  started_at: string;
  updated_at: string;
  completed_at?: string;
  error?: string;
  correlation_id: string;
  /** The event that began the round. */
  cause_id: string;
  expires_at: number;
}

export interface Request {
  assetId: string;
  dataTypes: readonly DataType[];
  priority: Priority;
  correlationId: string;
  causeId: string;
}

/** The planner's only memory of a company. Until each of 10,000 has had its turn, at four a day, seven years go by. */
const keptSeconds = 3_653 * 86_400;

const summed = (state: AssetState, now: number): AssetState => {
  const parts = state.requested.map((type) => state.types[type]?.status ?? "pending");
  const status = wholeOf(parts);
  const { completed_at: _, error: __, ...rest } = state;
  const failed = state.requested.flatMap((type) => {
    const { status: own, error } = state.types[type] ?? {};
    return own === "failed" || own === "retrying" ? [`${type}: ${error ?? "failed"}`] : [];
  });
  return {
    ...rest,
    status,
    version: state.version + 1,
    progress: parts.filter((part) => part === "complete").length / Math.max(1, parts.length),
    attempts: state.requested.reduce((sum, type) => sum + (state.types[type]?.attempts ?? 0), 0),
    updated_at: new Date(now).toISOString(),
    expires_at: Math.floor(now / 1_000) + keptSeconds,
    ...(!isOpen(status) && { completed_at: new Date(now).toISOString() }),
    ...(failed.length > 0 && { error: failed.join("; ") }),
  };
};

/** Types that are being worked on: they need no second job. */
export const openTypes = (state: AssetState | undefined): DataType[] =>
  state?.requested.filter((type) => isOpen(state.types[type]?.status ?? "complete")) ?? [];

/** The state once `request` has been taken up. What is open from before stays in the round. */
export const requested = (state: AssetState | undefined, request: Request, now: number): AssetState => {
  const at = new Date(now).toISOString();
  const open = openTypes(state);
  const types = { ...state?.types };
  for (const type of request.dataTypes) {
    if (open.includes(type)) continue;
    const storedAt = types[type]?.stored_at;
    types[type] = { status: "pending", requested_at: at, attempts: 0, ...(storedAt && { stored_at: storedAt }) };
  }
  return summed(
    {
      asset_id: `ASSET#${request.assetId}`,
      version: state?.version ?? 0,
      status: "pending",
      requested: [...new Set([...open, ...request.dataTypes])],
      types,
      priority: request.priority,
      progress: 0,
      attempts: 0,
      started_at: state && open.length > 0 ? state.started_at : at,
      updated_at: at,
      correlation_id: request.correlationId,
      cause_id: request.causeId,
      expires_at: 0,
    },
    now,
  );
};

/** The state once one type has moved on; undefined where that move is not a legal one. */
export const moved = (
  state: AssetState,
  type: DataType,
  to: Status,
  now: number,
  error?: string,
): AssetState | undefined => {
  const before = state.types[type];
  if (!before || !mayFollow(before.status, to)) return undefined;
  const { error: _, ...kept } = before;
  // What was begun and has to wait was no attempt.
  const attempt = to === "processing" ? 1 : to === "pending" && before.status === "processing" ? -1 : 0;
  const after: TypeState = {
    ...kept,
    status: to,
    attempts: before.attempts + attempt,
    ...(to === "complete" && { stored_at: new Date(now).toISOString() }),
    ...(error !== undefined && { error }),
  };
  return summed({ ...state, types: { ...state.types, [type]: after } }, now);
};
