import { randomUUID } from "node:crypto";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Status, statuses } from "../functions/processing/deadLetters/row";
import { UserError } from "../local/engine/stackFile";
import { command, readArgsAbout } from "./commandLine";
import { batchesWaiting, isBatch, readBatch } from "./dlq/batches";
import type { Desk } from "./dlq/desk";
import { discardLetter } from "./dlq/discard";
import { contentsOf, letter } from "./dlq/letters";
import { meant } from "./dlq/origins";
import { listed, listedBatches, shown, shownBatch, told } from "./dlq/print";
import { redriveLetter, redriveLetters, type Told } from "./dlq/redrive";
import { redriveBatch, redriveBatches } from "./dlq/redriveBatch";
import { openGiven, platformOptions } from "./platform";
import { visibleJson } from "./visible";

const usage = `Usage: npm run dlq -- list [--origin NAME] [--status waiting|redriven|discarded|any] | --batches
       npm run dlq -- show ID
       npm run dlq -- redrive ID [--again] | --origin NAME | --all | --batches [--dry-run]
       npm run dlq -- discard ID [--reason TEXT]

Deals with what ended in a dead letter queue: events that a consumer could not handle, or that never reached it, and runs
of a schedule that kept failing. And with batches of a stream that Lambda gave up and put aside: their ID is the name of
their object, aws/lambda/…

  list             those that wait, the oldest first, with their reason
  show             one letter in full
  redrive          repeats the delivery that failed: sends the message to its queue, or invokes the function, once more.
                   Doing it twice is safe
  discard          ends a letter that nobody needs; it can be looked at for another 90 days

  --origin NAME    of this consumer or schedule, such as ingestion or asset-sync
  --status STATUS  which of them to list (default waiting)
  --all            all dead letters that wait
  --batches        all batches that were put aside
  --dry-run        say what would be redriven, and do nothing
  --again          redrive also a letter that was redriven or discarded before
  --reason TEXT    why it is discarded
  --json           for machines
  --stack NAME     the stack (default dev)
  --endpoint URL   where the embedded cloud listens (default http://127.0.0.1:4566)
  --aws            AWS instead, with the credentials and the region of the environment
  --help           this text`;

const options = {
  origin: { type: "string" },
  status: { type: "string" },
  all: { type: "boolean" },
  batches: { type: "boolean" },
  "dry-run": { type: "boolean" },
  again: { type: "boolean" },
  reason: { type: "string" },
  ...platformOptions,
} as const;

const read = (args: string[]) => readArgsAbout(args, options, usage);
type Given = ReturnType<typeof read>;

const refuse = (problem: string): never => {
  throw new UserError(`${problem}\n\n${usage}`);
};

/** What each verb may be told besides. */
const understood = {
  list: ["origin", "status", "batches"],
  show: [],
  redrive: ["origin", "all", "batches", "dry-run", "again"],
  discard: ["reason"],
} as const;
type Verb = keyof typeof understood;

const specific = ["origin", "status", "all", "batches", "dry-run", "again", "reason"] as const;

const isVerb = (verb: string): verb is Verb => Object.hasOwn(understood, verb);

interface Task {
  verb: Verb;
  id: string | undefined;
}

const taskOf = (given: Given): Task => {
  const [verb = "", id, another] = given.about;
  if (!isVerb(verb)) return refuse(verb ? `${verb} is not one of list, show, redrive, discard.` : "Say what to do.");
  const allowed: readonly string[] = understood[verb];
  const foreign = specific.find((option) => given[option] !== undefined && !allowed.includes(option));
  if (foreign) return refuse(`--${foreign} has no meaning for ${verb}.`);
  if (another !== undefined) return refuse(`${verb} takes one letter at most.`);
  if (verb === "list" && id !== undefined) return refuse("list takes no letter: show does.");
  if (verb === "list" && given.batches && (given.origin !== undefined || given.status !== undefined))
    return refuse("--batches lists all that were put aside: it goes with neither --origin nor --status.");
  if (verb === "discard" && isBatch(id ?? ""))
    return refuse("A batch is redriven: what is bad in it ends as dead letters, each of which can be discarded.");
  if ((verb === "show" || verb === "discard") && id === undefined) return refuse(`Name the letter to ${verb}.`);
  if (verb === "redrive") {
    const ways = [id, given.origin, given.all, given.batches].filter((way) => way !== undefined);
    if (ways.length !== 1) return refuse("Name one letter to redrive, or --origin NAME, or --all, or --batches.");
    if (given.again && id === undefined) return refuse("--again needs the letter to be named.");
  }
  return { verb, id };
};

const statusOf = (text = "waiting"): Status | undefined => {
  if (text === "any") return undefined;
  return statuses.find((status) => status === text) ?? refuse(`--status must be ${statuses.join(", ")} or any.`);
};

const prefixOf = ({ stack }: Given): string => `signal9-${stack}-`;

const openDesk = async (given: Given): Promise<Desk> => {
  const { dynamodb, s3, reach, caller, now, table, bucket } = await openGiven(given);
  return {
    dynamodb,
    s3,
    sqs: new SQSClient(reach),
    lambda: new LambdaClient(reach),
    table: table("dead-letters"),
    bucket: bucket("dead-letters"),
    who: caller,
    now,
    newId: randomUUID,
  };
};

const tell = (ends: Told[], json: boolean): void => {
  console.log(json ? visibleJson(ends) : told(ends));
  if (ends.some(({ did }) => did === "failed")) process.exitCode = 1;
};

const redrive = async (desk: Desk, id: string | undefined, given: Given): Promise<Told[]> => {
  const how = { dryRun: given["dry-run"] ?? false, again: given.again ?? false };
  if (given.batches)
    return redriveBatches(
      desk,
      (await batchesWaiting(desk)).map(({ key }) => key),
      how,
    );
  if (id !== undefined && isBatch(id)) return [await redriveBatch(desk, id, how)];
  if (id !== undefined) return [await redriveLetter(desk, await letter(desk, id), how)];
  return redriveLetters(desk, await meant(desk, prefixOf(given), { origin: given.origin, status: "waiting" }), how);
};

command(async (args) => {
  const given = read(args);
  if (given.help) return console.log(usage);
  const { verb, id = "" } = taskOf(given);
  const status = statusOf(given.status);
  const desk = await openDesk(given);
  if (verb === "list") {
    if (given.batches) {
      const batches = await batchesWaiting(desk);
      return console.log(given.json ? visibleJson(batches) : listedBatches(batches));
    }
    const rows = await meant(desk, prefixOf(given), { origin: given.origin, status });
    return console.log(given.json ? visibleJson(rows) : listed(rows));
  }
  if (verb === "redrive") return tell(await redrive(desk, id || undefined, given), given.json);
  if (isBatch(id)) {
    const { text, ...batch } = await readBatch(desk, id);
    return console.log(given.json ? text : shownBatch(id, { ...batch, text }));
  }
  const row = await letter(desk, id);
  if (verb === "discard") return tell([await discardLetter(desk, row, given.reason)], given.json);
  const { body, attributes } = await contentsOf(desk, row);
  console.log(given.json ? visibleJson({ ...row, body, attributes }) : shown(row, body, attributes));
});
