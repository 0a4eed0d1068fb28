import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import { requireTime } from "../batch";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import { keptSeconds } from "../news/items";
import { articleEntry, companyEntries, type Entry } from "./documents";
import { ask } from "./domain";
import { embedder } from "./embed/embedder";
import { everything, type IndexName } from "./indices";
import { readArticles, readCompanies } from "./read";
import { writeEntries } from "./write";

/** The field that has a document's id. */
const idFields = { assets: "symbol", analysis: "symbol", news: "news_id" } as const satisfies Record<IndexName, string>;
const comparedAtOnce = 100;

export interface Compared {
  compared: number;
  /** What was missing in the index, or older there, or made by another embedder. */
  repaired: number;
  /** Articles that are too old to be kept. */
  forgotten: number;
  refused: number;
}

interface Source {
  kinds: readonly IndexName[];
  table: string;
  /** Rows that stand for something to be indexed; undefined for all. */
  only?: { filter: string; values: Record<string, string> };
  idOf: (assetId: string) => string;
  entriesOf: (ids: readonly string[], run: Run) => Promise<Entry[]>;
}

const sources: readonly Source[] = [
  {
    kinds: ["assets", "analysis"],
    table: "ASSETS_TABLE",
    idOf: (assetId) => assetId.slice("ASSET#".length),
    entriesOf: async (symbols, run) => {
      const rows = await readCompanies(symbols, run);
      return symbols.flatMap((symbol) => companyEntries(symbol, rows.get(symbol)));
    },
  },
  {
    kinds: ["news"],
    table: "NEWS_TABLE",
    only: { filter: "news_key = :article", values: { ":article": "ARTICLE" } },
    idOf: (assetId) => assetId.slice("ARTICLE#".length),
    entriesOf: async (hashes, run) => {
      const rows = await readArticles(hashes, run);
      return hashes.map((hash) => articleEntry(hash, rows.get(hash)));
    },
  },
];

/** The ids of everything that a table says should be found, a page at a time. */
async function* idsIn({ table, only, idOf }: Source, run: Run): AsyncGenerator<string[]> {
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await run.call("Scan", "dynamodb", () =>
      dynamodb().send(
        new ScanCommand({
          TableName: env(table),
          ProjectionExpression: "asset_id",
          ...(only && { FilterExpression: only.filter, ExpressionAttributeValues: only.values }),
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    const ids = Items.map(({ asset_id }) => idOf(String(asset_id)));
    for (let at = 0; at < ids.length; at += comparedAtOnce) yield ids.slice(at, at + comparedAtOnce);
    start = LastEvaluatedKey;
  } while (start);
}

interface Indexed {
  revision: number;
  embedder: string | undefined;
}

interface Answer {
  hits: { hits: { _id: string; _source: { kind: string; revision?: number; embedder?: string } }[] };
}

/** What the indices hold under these ids, by index and id. */
const indexedAmong = async (ids: readonly string[], kinds: readonly IndexName[], run: Run) => {
  const places = [...new Set(kinds.map((kind) => idFields[kind]))];
  const body = {
    size: ids.length * kinds.length,
    _source: ["kind", "revision", "embedder"],
    query: {
      bool: { filter: [{ terms: { kind: kinds } }, ...places.map((field) => ({ terms: { [field]: ids } }))] },
    },
  };
  const { hits } = (await ask({ method: "POST", path: `/${everything}/_search`, body }, run)) as Answer;
  return new Map(
    hits.hits.map(({ _id, _source: { kind, revision = 0, embedder: by } }) => [
      `${kind}/${_id}`,
      { revision, embedder: by } satisfies Indexed,
    ]),
  );
};

/** Whether the index lacks what an entry says. */
export const isMissing = (entry: Entry, indexed: Indexed | undefined, embedderName: string): boolean => {
  if (!entry.document) return indexed !== undefined;
  if (!indexed || indexed.revision < entry.revision) return true;
  return indexed.embedder !== embedderName && entry.meaning !== "";
};

const forgottenAtOnce = 500;

/** The table forgets old articles by itself, the index does not. */
const forget = async (run: Run): Promise<number> => {
  const before = new Date(run.now() - keptSeconds * 1_000).toISOString();
  const query = { bool: { filter: [{ term: { kind: "news" } }, { range: { time_published: { lt: before } } }] } };
  const body = { size: forgottenAtOnce, _source: false, query };
  const { hits } = (await ask({ method: "POST", path: `/${everything}/_search`, body }, run)) as Answer;
  const gone = hits.hits.map(({ _id }) => articleEntry(_id, undefined));
  return (await writeEntries(gone, run)).size;
};

/** Holds the indices against the tables, which are right, and writes what is missing. */
export const compare = async (run: Run): Promise<Compared> => {
  const total: Compared = { compared: 0, repaired: 0, forgotten: 0, refused: 0 };
  const { name } = embedder();
  for (const source of sources) {
    for await (const ids of idsIn(source, run)) {
      requireTime(run);
      const entries = await source.entriesOf(ids, run);
      const indexed = await indexedAmong(ids, source.kinds, run);
      const missing = entries.filter((entry) => isMissing(entry, indexed.get(`${entry.index}/${entry.id}`), name));
      const written = [...(await writeEntries(missing, run)).values()];
      const refused = written.flatMap((one) => (one.end === "refused" ? [one] : []));
      total.compared += entries.length;
      total.repaired += written.length - refused.length;
      total.refused += refused.length;
      const [first] = refused;
      if (first?.category === "denied") throw new Failure("denied", first.reason, { origin: "aws" });
      if (first) {
        const { category, reason } = first;
        run.log.error("documents were refused", { refused: refused.length, category, reason });
      }
    }
  }
  total.forgotten = await forget(run);
  return total;
};
