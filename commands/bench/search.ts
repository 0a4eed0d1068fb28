import { readFile } from "node:fs/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { makeRun, type Run } from "../../functions/processing/consume/run";
import { makeLogger } from "../../functions/processing/observe/log";
import type { Meter } from "../../functions/processing/observe/metrics";
import { processRuntime } from "../../functions/processing/runtime";
import { parseRequest } from "../../functions/processing/search/request";
import type { Answer } from "../../functions/processing/search/results";
import { searchDomain } from "../../functions/processing/search/search";
import { writeEntries } from "../../functions/processing/search/write";
import type { EmbeddedCloud } from "../../local/embedded";
import type { Clients } from "../start/clients";
import { percentile, printTable } from "./measure";
import { searchCorpus } from "./searchCorpus";
import { labelled, meanOf, searchQuality } from "./searchQuality";

const documents = 10_000;
const asked = 500;
const bulk = 200;

const unmetered: Meter = { add: () => undefined, flush: () => undefined };

/** This process works on the domain as the administrator does, by the code that functions run. */
const administrator = async ({ run, services }: EmbeddedCloud): Promise<Run> => {
  const domain = run.resources.find(({ type }) => type === "aws:opensearch/domain:Domain");
  const certificate = await readFile(await services.elastiCache.certificate(), "utf8");
  setDefaultCACertificates([...getCACertificates("default"), certificate]);
  Object.assign(process.env, {
    SEARCH_ENDPOINT: `https://${domain?.outputs["endpoint"]}`,
    EMBEDDER: "local",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });
  const context = { getRemainingTimeInMillis: () => 60_000, awsRequestId: "bench" };
  return makeRun(processRuntime, makeLogger("bench"), unmetered, context);
};

const timed = async (ask: (at: number) => Promise<unknown>): Promise<number[]> => {
  const times: number[] = [];
  for (let at = 0; at < asked; at++) {
    const startedAt = performance.now();
    await ask(at);
    times.push(performance.now() - startedAt);
  }
  return times;
};

const queryAt = (at: number) => labelled[at % labelled.length]?.query ?? { text: "" };

/** How fast and how well questions are answered, over so many documents of the stand-in market. */
export const searching = async (up: EmbeddedCloud, { lambda }: Clients, functionName: string): Promise<void> => {
  // What the platform itself has found and indexed so far is nobody's answer here.
  await up.reset();
  const run = await administrator(up);
  const { entries, judged } = searchCorpus(documents);
  for (let at = 0; at < entries.length; at += bulk) await writeEntries(entries.slice(at, at + bulk), run);
  const viaFunction = async (at: number): Promise<void> => {
    const Payload = JSON.stringify(queryAt(at));
    const answer = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }));
    const { degraded } = JSON.parse(answer.Payload?.transformToString() ?? "{}") as Partial<Answer>;
    if (degraded !== false) throw new Error(`the search of ${Payload} was not answered by the domain`);
  };
  await viaFunction(0);
  const rows = [
    ["invoking the function", await timed(viaFunction)],
    ["asking the domain", await timed((at) => searchDomain(parseRequest(queryAt(at)), run))],
  ] as const;
  console.log("");
  printTable([
    [`a search among ${entries.length} documents`, "ms, p50", "ms, p99"],
    ...rows.map(([how, times]) => [how, percentile(times, 0.5).toFixed(1), percentile(times, 0.99).toFixed(1)]),
  ]);
  const qualities = await searchQuality(judged, async (query, ways) => {
    const { results } = await searchDomain(parseRequest(query), run, ways);
    return results.map(({ type, id }) => `${type}/${id}`);
  });
  console.log("");
  printTable([
    [`nDCG@10 over ${qualities.length} labelled questions`, "mean"],
    ["by words", meanOf(qualities, "words").toFixed(3)],
    ["by meaning", meanOf(qualities, "meaning").toFixed(3)],
    ["by both", meanOf(qualities, "both").toFixed(3)],
  ]);
};
