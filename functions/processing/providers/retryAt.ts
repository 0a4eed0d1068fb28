import type { Reply } from "./ask";

/** Calls are counted by the minute, and no message can be held back for longer: what is further away is not waited for. */
const furthestMs = 900_000;

const soon = (moment: number, now: number): number | undefined =>
  moment > now && moment <= now + furthestMs ? moment : undefined;

/** `Retry-After` has seconds or a date. */
const afterOf = (value: string, now: number): number =>
  /^\d+$/.test(value) ? now + Number(value) * 1_000 : Date.parse(value);

/** When a provider says that it takes calls again, in epoch milliseconds. `X-RateLimit-Reset` has epoch seconds. */
export const retryAtOf = ({ headers }: Pick<Reply, "headers">, now: number): number | undefined => {
  const { "retry-after": after, "x-ratelimit-reset": reset } = headers;
  return (
    (after === undefined ? undefined : soon(afterOf(after, now), now)) ??
    (reset === undefined ? undefined : soon(Number(reset) * 1_000, now))
  );
};
