import { inBatches } from "../../functions/processing/batch";
import type { Run } from "../../functions/processing/consume/run";
import { type DataType, dataTypes } from "../../functions/processing/fundamentals/dataTypes";
import { normalise } from "../../functions/processing/fundamentals/normalise";
import type { Remade, Reread } from "../../functions/processing/fundamentals/remake";
import { remakeStored } from "../../functions/processing/fundamentals/remakeStored";
import { parsedAnswer } from "../../functions/processing/providers/answer";
import { readRaw } from "../../functions/processing/raw/keep";
import { listRaw } from "../../functions/processing/raw/list";

/** The kept answers of one type of a company. */
interface Pile {
  type: DataType;
  assetId: string;
  keys: string[];
}

export interface Refused {
  rawKey: string;
  reason: string;
}

/** What became of one type of a company. */
export interface Told extends Pick<Remade, "added" | "restated" | "unchanged" | "older"> {
  assetId: string;
  type: DataType;
  answers: number;
  /** Of the versions that were made. */
  versions: string[];
  /** Answers and reports that cannot be read, today as little as then. */
  refused: Refused[];
}

export interface Failed {
  assetId: string;
  type: DataType;
  reason: string;
}

const pilesAtOnce = 4;
const provider = "alphavantage";

const pilesOf = (type: DataType, keys: readonly string[]): Pile[] => {
  const piles = new Map<string, Pile>();
  const start = `${provider}/${type}/`.length;
  for (const key of keys) {
    const assetId = key.slice(start, key.lastIndexOf("/"));
    const pile = piles.get(assetId) ?? { type, assetId, keys: [] };
    pile.keys.push(key);
    piles.set(assetId, pile);
  }
  return [...piles.values()];
};

/** What is kept of these companies, or of all. */
export const pilesFor = async (symbols: readonly string[], run: Run): Promise<Pile[]> => {
  const piles: Pile[] = [];
  for (const type of dataTypes) {
    const prefixes = symbols.length > 0 ? symbols.map((symbol) => `${type}/${symbol}/`) : [`${type}/`];
    for (const prefix of prefixes) piles.push(...pilesOf(type, await listRaw(`${provider}/${prefix}`, run)));
  }
  return piles;
};

const reread = async ({ type, assetId, keys }: Pile, refused: Refused[], run: Run): Promise<Reread[]> => {
  const answers: Reread[] = [];
  for (const rawKey of keys) {
    const answer = await readRaw(rawKey, run);
    // Its time was up since it was listed.
    if (!answer) continue;
    try {
      const normalised = normalise(type, parsedAnswer(answer), assetId);
      refused.push(...normalised.refused.map(({ at, reason }) => ({ rawKey, reason: `${type}.${at}: ${reason}` })));
      answers.push({ rawKey, receivedAt: answer.receivedAt, normalised });
    } catch (error) {
      refused.push({ rawKey, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return answers;
};

/** Makes what is stored of each anew, some at a time. One that fails does not hold up the others. */
export const remakeCompanies = async (
  piles: readonly Pile[],
  dryRun: boolean,
  tell: (done: number) => void,
  run: Run,
): Promise<{ told: Told[]; failed: Failed[] }> => {
  const told: Told[] = [];
  let done = 0;
  const nameOf = ({ assetId, type }: Pile): string => `${assetId} ${type}`;
  const { errors } = await inBatches(
    piles,
    pilesAtOnce,
    async (pile) => {
      const { assetId, type, keys } = pile;
      const refused: Refused[] = [];
      const answers = await reread(pile, refused, run);
      const { rows, added, restated, unchanged, older } = await remakeStored({ type, assetId, answers }, run, {
        dryRun,
      });
      const versions = rows.map(({ report_key }) => report_key);
      told.push({ assetId, type, answers: keys.length, added, restated, unchanged, older, versions, refused });
      tell(++done);
    },
    nameOf,
  );
  const failed = errors.flatMap(({ id, error }) =>
    piles.filter((pile) => nameOf(pile) === id).map(({ assetId, type }) => ({ assetId, type, reason: error.message })),
  );
  const order = (a: Told, b: Told) => (a.assetId === b.assetId ? 0 : a.assetId < b.assetId ? -1 : 1);
  return { told: told.sort(order), failed };
};
