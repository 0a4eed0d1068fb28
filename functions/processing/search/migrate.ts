import type { Run } from "../consume/run";
import { Failure } from "../failure";
import type { Call, Domain } from "./domain";
import { everything } from "./indices";

/** An index as it is meant to be. */
export interface Wanted {
  /** Its alias, under which documents are written to it. */
  index: string;
  version: number;
  definition: { settings: object; mappings: { _meta: { definition: string } } };
}

/** What was done about an index. */
export interface Migrated {
  index: string;
  outcome: "made" | "as before" | "filled from an older version";
}

interface Described {
  mappings?: { _meta?: { definition?: string } };
}

const copyTimeoutMs = 240_000;

const describe = async (domain: Domain, index: string): Promise<Described | undefined> => {
  const found = (await domain.find({ method: "GET", path: `/${index}` })) as Record<string, Described> | undefined;
  return found?.[index];
};

const physicalName = (index: string, version: number): string => `${index}-v${version}`;

const refuse = (index: string, why: string): Failure =>
  new Failure("permanent", `index ${index}: ${why}`, { field: `indices.${index}.version` });

/** Makes the index, or finds it made as it was meant. True where it is new. */
const ensure = async (domain: Domain, { index, version, definition }: Wanted): Promise<boolean> => {
  const physical = physicalName(index, version);
  const there = await describe(domain, physical);
  if (!there) {
    await domain.send({ method: "PUT", path: `/${physical}`, body: definition });
    return true;
  }
  if (there.mappings?._meta?.definition !== definition.mappings._meta.definition) {
    throw refuse(index, `${physical} was made by another definition; raise its version`);
  }
  return false;
};

const olderVersions = async (domain: Domain, { index, version }: Wanted): Promise<string[]> => {
  const names = Array.from({ length: version - 1 }, (_, at) => physicalName(index, at + 1));
  const found = await Promise.all(names.map((name) => describe(domain, name)));
  return names.filter((_, at) => found[at]);
};

/** Copies what is not there, or older there: what was written to the new index meanwhile stays. */
const copy = async (domain: Domain, from: string, to: string): Promise<void> => {
  // Only what has been refreshed is found, and so copied.
  await domain.send({ method: "POST", path: `/${from}/_refresh` });
  const call: Call = {
    method: "POST",
    path: "/_reindex",
    query: { refresh: "true" },
    body: { conflicts: "proceed", source: { index: from }, dest: { index: to, version_type: "external" } },
    timeoutMs: copyTimeoutMs,
  };
  await domain.send(call);
};

/** Which index stands behind a name. */
const holderOf = async (domain: Domain, alias: string): Promise<string[]> =>
  Object.keys(((await domain.find({ method: "GET", path: `/_alias/${alias}` })) ?? {}) as object);

/** Both names at once: readers and writers see the old index, or the new one. */
const moveAliases = async (domain: Domain, index: string, physical: string, run: Pick<Run, "log">) => {
  const held = await Promise.all(
    [index, everything].map(async (alias) => {
      const holders = await holderOf(domain, alias);
      const former = holders.filter((holder) => holder !== physical && holder.startsWith(`${index}-v`));
      return { alias, former, held: holders.includes(physical) };
    }),
  );
  const actions = held.flatMap(({ alias, former, held: already }) => [
    ...former.map((holder) => ({ remove: { index: holder, alias } })),
    ...(already ? [] : [{ add: { index: physical, alias } }]),
  ]);
  if (actions.length === 0) return;
  await domain.send({ method: "POST", path: "/_aliases", body: { actions } });
  run.log.info("moved aliases", { index: physical, actions: actions.length });
};

/**
 * Brings an index to its declared version, without an hour in which nothing is found. What is written to the old index while
 * it is copied is copied by the second round, once nobody writes there any more. May be cut off anywhere and done again.
 */
export const migrate = async (domain: Domain, wanted: Wanted, run: Pick<Run, "log">): Promise<Migrated> => {
  const { index, version } = wanted;
  const physical = physicalName(index, version);
  const holders = await holderOf(domain, index);
  const younger = holders.find((holder) => Number(holder.split("-v").at(-1)) > version);
  if (younger) throw refuse(index, `${younger} is in use, which is younger than ${physical}`);
  const isNew = await ensure(domain, wanted);
  const older = await olderVersions(domain, wanted);
  for (const one of older) await copy(domain, one, physical);
  await moveAliases(domain, index, physical, run);
  for (const one of older) {
    await copy(domain, one, physical);
    await domain.send({ method: "DELETE", path: `/${one}` });
  }
  const outcome = older.length > 0 ? "filled from an older version" : isNew ? "made" : "as before";
  return { index: physical, outcome };
};
