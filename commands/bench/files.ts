import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { bounds } from "../../functions/processing/statements/bounds";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../local/embedded";
import { makeClients } from "../start/clients";
import { signUp } from "./audit/people";
import { printTable } from "./measure";

const root = resolve(__dirname, "../..");
const prefix = "signal9-dev-";
/** As long as descriptions may be: what 50 MB of bookings take is stored twice, in the table and in the event store. */
const wordsInADescription = 480;
const year = 2026;

const line = (at: number): string => {
  const day = `${year}-${String((at % 12) + 1).padStart(2, "0")}-${String((at % 28) + 1).padStart(2, "0")}`;
  return `${day},Shop ${at} ${"x".repeat(wordsInADescription)},-${1 + (at % 900)}.50,EUR\n`;
};

/** A statement as large as one may be, but for less than a line. */
const largestStatement = (): { content: string; bookings: number } => {
  const lines = ["Date,Description,Amount,Currency\n"];
  let bytes = lines.join("").length;
  for (let at = 0; ; at++) {
    const next = line(at);
    if (bytes + next.length > bounds.fileBytes) return { content: lines.join(""), bookings: at };
    lines.push(next);
    bytes += next.length;
  }
};

interface Report {
  type?: string;
  record?: { metrics?: { maxMemoryUsedMB?: number; durationMs?: number } };
}

/** What Lambda says of the invocations of a function. */
const reportsOf = async (up: EmbeddedCloud, label: string): Promise<{ memoryMb: number[]; seconds: number }> => {
  const memoryMb: number[] = [];
  let ms = 0;
  let nextToken: string | undefined;
  do {
    const page = await makeClients(up.url).logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${prefix}${label}`, nextToken }),
    );
    for (const { message = "{}" } of page.events ?? []) {
      const { type, record } = JSON.parse(message) as Report;
      if (type !== "platform.report") continue;
      memoryMb.push(record?.metrics?.maxMemoryUsedMB ?? 0);
      ms += record?.metrics?.durationMs ?? 0;
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return { memoryMb, seconds: ms / 1_000 };
};

const countOf = async (up: EmbeddedCloud, table: string): Promise<number> => {
  const { dynamodb } = makeClients(up.url);
  let count = 0;
  let start: Record<string, unknown> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({ TableName: `${prefix}${table}`, Select: "COUNT", ExclusiveStartKey: start }),
    );
    count += page.Count ?? 0;
    start = page.LastEvaluatedKey;
  } while (start);
  return count;
};

/** A statement of 50 MB from its upload to its last effect, on the whole program. */
export const files = async (): Promise<void> => {
  const { content, bookings } = largestStatement();
  const up = await startEmbeddedCloud({ root, port: 0 });
  try {
    const [person] = await signUp(up, ["ann"], () => undefined);
    if (!person) throw new Error("nobody signed up");
    const fileSize = Buffer.byteLength(content);
    const announced = await person.ask("POST /files", { body: { fileName: "large.csv", fileSize } });
    const { fileId } = announced.body["file"] as { fileId: string };
    const upload = announced.body["upload"] as { url: string; method: string; headers: Record<string, string> };
    const startedAt = performance.now();
    const put = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: content });
    if (put.status !== 200) throw new Error(`the upload was answered by ${put.status}`);
    const look = async () => (await person.ask("GET /files/{fileId}", { params: { fileId } })).body;
    while (["awaiting_upload", "uploaded", "processing"].includes(String((await look())["status"]))) {
      // Between two invocations of one reading there is half a minute, which the clock is turned by.
      if (await Promise.race([up.idle().then(() => true), sleep(1_000, false)])) await up.settle();
    }
    const readMs = performance.now() - startedAt;
    await up.settle();
    const allMs = performance.now() - startedAt;
    const { status, transactionCount } = await look();
    const stored = await countOf(up, "transactions");
    const letters = await countOf(up, "dead-letters");
    const reader = await reportsOf(up, "file-processor");
    const analytics = await reportsOf(up, "analytics");
    printTable([
      ["a statement of", `${(fileSize / 2 ** 20).toFixed(1)} MB, ${bookings} bookings`],
      ["read and seen by its owner after", `${(readMs / 1_000).toFixed(0)} s`],
      ["all that follows from it done after", `${(allMs / 1_000).toFixed(0)} s`],
      [
        "invocations of its reader, and how long they took",
        `${reader.memoryMb.length}, ${reader.seconds.toFixed(0)} s`,
      ],
      ["most memory of the reader", `${Math.max(...reader.memoryMb)} MB`],
      ["most memory of the analytics", `${Math.max(...analytics.memoryMb)} MB`],
    ]);
    const all = status === "success" && transactionCount === bookings && stored === bookings && letters === 0;
    if (!all) throw new Error(`it ended as ${status}, ${stored} of ${bookings} bookings, ${letters} dead letters`);
  } finally {
    await up.close();
  }
};
