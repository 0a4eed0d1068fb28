import { gunzipSync } from "node:zlib";
import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { metricNames, namespace } from "../../functions/processing/observe/metrics";
import type { Results } from "../../functions/processing/stream/results/results";
import type { Signal9Outputs } from "../../infra/outputs";
import type { EmbeddedCloud } from "../../local/embedded";
import { chosen } from "../dlq/letters";
import type { Clients } from "./clients";
import { deskOf } from "./deadLetters";

/** What was put into the stream, and where all of it ended. */
export interface Experiment {
  experimentId: string;
  sent: { records: number; repeated: number; bad: number };
  ended: { counted: number; duplicates: number; refused: number; archived: number };
  /** By variant. */
  variants: { variant: string; exposed: number; converted: number }[];
  /** Of the two variants' rates: how far apart they are, and between what that may lie. */
  comparison: { difference: number; low: number; high: number; pValue: number } | undefined;
  /** What should be so and is not. There must be none. */
  lost: string[];
}

const records = 10_000;
const repeated = records / 100;
const bad = records / 200;
const good = records - repeated - bad;
const people = 6_000;
const together = 500;
const rates = { A: 200, B: 240 };
const hourMs = 3_600_000;

type Variant = keyof typeof rates;
type Event = Record<string, unknown>;

/** The same every time: everybody saw the page, some of them paid, and the rest of the events say how long it took. */
const eventsOf = (experimentId: string, now: number): Event[] => {
  const variantOf = (person: number): Variant => (person % 2 === 0 ? "A" : "B");
  // Scatters people evenly over the thousand, whatever their variant.
  const pays = (person: number) => (Math.floor(person / 2) * 389) % 1_000 < rates[variantOf(person)];
  const everybody = Array.from({ length: people }, (_, person) => person);
  const kinds: [number, Event][] = [
    ...everybody.map((person): [number, Event] => [person, { eventType: "exposure" }]),
    ...everybody
      .filter(pays)
      .map((person): [number, Event] => [person, { eventType: "conversion", goal: "paid", value: 9.99 }]),
  ];
  for (let person = 0; kinds.length < good; person++) {
    kinds.push([person, { eventType: "metric", metric: "seconds", value: ((person * 37) % 500) / 100 }]);
  }
  return kinds.map(([person, kind], at) => ({
    eventId: `event-${at}`,
    timestamp: now - 1_000,
    experimentId,
    userId: `user-${person}`,
    variant: variantOf(person),
    ...kind,
  }));
};

/** In turn: cut off, nobody's, of a kind that there is not, from tomorrow, of a version from the future. */
const badOnes = (experimentId: string, now: number): string[] =>
  Array.from({ length: bad }, (_, at) => {
    const event = { eventId: `bad-${at}`, eventType: "exposure", timestamp: now, experimentId, userId: `user-${at}` };
    const spoilt = [
      JSON.stringify(event).slice(0, -20),
      JSON.stringify({ ...event, userId: undefined }),
      JSON.stringify({ ...event, eventType: "glance" }),
      JSON.stringify({ ...event, timestamp: now + 24 * hourMs }),
      JSON.stringify({ ...event, eventVersion: "9.0" }),
    ];
    return spoilt[at % spoilt.length] ?? "";
  });

/** The bad and the repeated lie among the others, as they come. */
const shuffled = (experimentId: string, now: number): string[] => {
  const events = eventsOf(experimentId, now).map((event) => JSON.stringify(event));
  const others = [...events.filter((_, at) => at % Math.floor(good / repeated) === 0).slice(0, repeated)];
  const rest = [...others, ...badOnes(experimentId, now)];
  const every = Math.floor(events.length / rest.length);
  return events.flatMap((event, at) => {
    const more = at % every === 0 ? rest[at / every] : undefined;
    return more === undefined ? [event] : [event, more];
  });
};

const put = async ({ kinesis }: Clients, StreamName: string, texts: readonly string[]): Promise<void> => {
  let left = texts.map((text, at) => ({ Data: Buffer.from(text), PartitionKey: `key-${at % 97}` }));
  while (left.length > 0) {
    const Records = left.slice(0, together);
    const { Records: answers = [] } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    const refused = Records.filter((_, at) => answers[at]?.ErrorCode);
    // A shard takes so much a second, by the clock on the wall.
    if (refused.length > 0) await new Promise((later) => setTimeout(later, 1_000));
    left = [...refused, ...left.slice(together)];
  }
};

const call = async <Answer>({ lambda }: Clients, FunctionName: string, request: object): Promise<Answer> => {
  const Payload = Buffer.from(JSON.stringify(request));
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
  if (answer.FunctionError) throw new Error(`${FunctionName} failed`);
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString("utf8")) as Answer;
};

/** Of the stream, what lies there for somebody to look at. */
const lettersOf = async (clients: Clients, outputs: Signal9Outputs): Promise<Set<string>> => {
  const letters = await chosen(deskOf(clients, outputs), { status: "waiting" });
  return new Set(letters.filter(({ origin }) => origin === "experiment-stream").map(({ letter_id }) => letter_id));
};

/** How many different events of the experiment lie in the archive. */
const archivedOf = async ({ s3 }: Clients, Bucket: string, experimentId: string): Promise<number> => {
  const ids = new Set<unknown>();
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: token }));
    for (const { Key = "" } of page.Contents ?? []) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const text = gunzipSync((await Body?.transformToByteArray()) ?? "").toString("utf8");
      for (const line of text.trim().split("\n")) {
        const event = JSON.parse(line) as Event;
        if (event["experiment_id"] === experimentId) ids.add(event["event_id"]);
      }
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return ids.size;
};

/** What the function said of itself, in the minutes since then: events that it had counted before. */
const duplicatesOf = async ({ cloudWatch }: Clients, service: string, from: number, to: number): Promise<number> => {
  const { Datapoints = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: metricNames.streamDuplicates,
      Dimensions: [
        { Name: "service", Value: service },
        { Name: "function", Value: "experimentStream" },
      ],
      StartTime: new Date(from),
      EndTime: new Date(to),
      Period: 60,
      Statistics: ["Sum"],
    }),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
};

const minuteMs = 60_000;

/** 10,000 records go through the stream, 1 % of them a second time and 0.5 % of them no events: each is accounted for. */
export const runExperiment = async (
  up: EmbeddedCloud,
  clients: Clients,
  outputs: Signal9Outputs,
): Promise<Experiment> => {
  const { experiments, bus } = outputs;
  const prefix = bus.name.replace(/events$/, "");
  // Another each time: over kept data, the events of a run before would be repeated.
  const experimentId = `checkout-${up.cloud.newId()}`;
  const variants = Object.keys(rates);
  const definition = { experimentId, name: "Checkout", status: "running", control: "A", variants };
  await call(clients, experiments.put.name, { experiments: [definition] });
  const before = await lettersOf(clients, outputs);
  const now = up.cloud.clock.now();
  const minute = now - (now % minuteMs);
  const duplicates = () => duplicatesOf(clients, `${prefix}platform`, minute, up.cloud.clock.now() + minuteMs);
  const duplicatesBefore = await duplicates();
  await put(clients, experiments.stream.name, shuffled(experimentId, now));
  await up.settle();

  const [results, letters, known, archived] = await Promise.all([
    call<Results>(clients, experiments.results.name, { experimentId }),
    lettersOf(clients, outputs),
    duplicates(),
    archivedOf(clients, `${prefix}event-archive-${bus.arn.split(":")[4]}`, experimentId),
  ]);
  const counts = results.total.map(({ exposures, conversions, metrics }) =>
    [exposures, ...Object.values(conversions), ...Object.values(metrics)].reduce((sum, { events }) => sum + events, 0),
  );
  const ended = {
    counted: counts.reduce((sum, count) => sum + count, 0),
    duplicates: known - duplicatesBefore,
    refused: [...letters].filter((id) => !before.has(id)).length,
    archived,
  };
  const [found] = results.comparisons.filter((one) => "goal" in one);
  const expected = { counted: good, duplicates: repeated, refused: bad, archived: good };
  const lost = Object.entries(expected).flatMap(([what, count]) => {
    const is = ended[what as keyof typeof ended];
    return is === count ? [] : [`${what}: ${is} instead of ${count}`];
  });
  return {
    experimentId,
    sent: { records, repeated, bad },
    ended,
    variants: results.total.map(({ variant, rates: reached }) => ({
      variant,
      exposed: reached["paid"]?.exposed ?? 0,
      converted: reached["paid"]?.converted ?? 0,
    })),
    comparison: found && { difference: found.difference, ...found.interval, pValue: found.pValue },
    lost,
  };
};
