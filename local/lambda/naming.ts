/** The log stream of one worker, as Lambda names it. */
export const logStream = (now: number, id: string): string =>
  `${new Date(now).toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${id.replaceAll("-", "")}`;

/** A trace for an invocation that came without one. Not sampled: nothing here collects traces. */
export const traceOf = (now: number, id: string): string => {
  const seconds = Math.floor(now / 1_000)
    .toString(16)
    .padStart(8, "0");
  return `Root=1-${seconds}-${id.replaceAll("-", "").slice(0, 24)};Sampled=0`;
};
