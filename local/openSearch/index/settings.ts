import { illegalArgument, knownOnly } from "../errors";
import { isObject, type Json } from "../json";

const flatten = (settings: Json, prefix = ""): [string, unknown][] =>
  Object.entries(settings).flatMap(([name, value]) =>
    isObject(value) ? flatten(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value]],
  );

/** What changes something here, or is known to change nothing where all is on one machine. */
const fixed = ["number_of_shards", "knn", "codec"];
const dynamic = ["number_of_replicas", "refresh_interval", "max_result_window", "knn.algo_param.ef_search"];

/** Settings by their names without `index.`, however they are nested. */
export const readSettings = (given: unknown): Json => {
  if (given === undefined) return {};
  if (!isObject(given)) throw illegalArgument("settings must be an object");
  const settings = Object.fromEntries(
    flatten(given).map(([name, value]) => [name.replace(/^index\./, ""), String(value)]),
  );
  knownOnly(settings, [...fixed, ...dynamic], "the settings of an index");
  refreshMs(settings);
  return settings;
};

export const readChanges = (given: unknown): Json => {
  const settings = readSettings(given);
  const stuck = Object.keys(settings).filter((name) => fixed.includes(name));
  if (stuck.length > 0) {
    throw illegalArgument(
      `Can't update non dynamic settings [[${stuck.map((name) => `index.${name}`)}]] for open indices`,
    );
  }
  return settings;
};

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/** How long a change may stay unseen; undefined: until somebody asks for it to be seen. */
export const refreshMs = (settings: Json): number | undefined => {
  const text = String(settings["refresh_interval"] ?? "1s");
  if (text === "-1") return undefined;
  const [, number, unit = ""] = /^(\d+)(ms|s|m)$/.exec(text) ?? [];
  if (number === undefined) {
    throw illegalArgument(`failed to parse setting [index.refresh_interval] with value [${text}] as a time value`);
  }
  return Number(number) * (units[unit] ?? 0);
};

export const resultWindow = (settings: Json): number => Number(settings["max_result_window"] ?? 10_000);
