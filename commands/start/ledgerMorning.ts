import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { readPage } from "../../functions/processing/eventStore/page";
import { always } from "../../functions/processing/eventStore/selection";
import { grow } from "../../functions/processing/eventStore/tree";
import type { Signal9Outputs } from "../../infra/outputs";
import type { EmbeddedCloud } from "../../local/embedded";
import { treeLines, whatHappened } from "../events/print";
import { findIssuer } from "../token/issuer";
import { signInTester } from "../token/signIn";
import type { Clients } from "./clients";

/** What somebody did with their books, what the API said, and what followed. */
export interface LedgerMorning {
  steps: { did: string; status: number; said: string }[];
  /** The events that followed, effects below their causes. */
  tree: string[];
  /** What should be so and is not. There must be none. */
  lost: string[];
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

interface Booking {
  transactionId: string;
  description: string;
  version: number;
  categoryId?: string;
}

const statement = [
  "Date,Description,Amount",
  "2026-10-01,Salary,2500.00",
  "2026-10-02,Rent,-900.00",
  "2026-10-03,Corner Coffee,-3.50",
  "2026-10-03,Corner Coffee,-3.50",
].join("\n");
const bookings = 4;
const mostEvents = 100;

const jsonOf = (content: string): Record<string, unknown> => {
  try {
    return JSON.parse(content) as Record<string, unknown>;
  } catch {
    return { text: content };
  }
};

/** Node's own client: what `fetch` brings along would be loaded into the cloud's process, and compiled, for a dozen calls. */
const ask = async (
  url: string,
  { method, headers, content }: { method: string; headers: Record<string, string>; content?: string | undefined },
): Promise<Answer> => {
  // Without an agent of Node's own, which would look for a proxy in the environment.
  const asked = request(url, { method, headers, agent: false });
  asked.end(content);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: jsonOf(await text(answer)) };
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Somebody signs in, opens an account, uploads a statement, edits a transaction and has a rule applied: all over HTTP. */
export const runLedgerMorning = async (
  up: EmbeddedCloud,
  { dynamodb }: Clients,
  outputs: Signal9Outputs,
): Promise<LedgerMorning> => {
  const reach = {
    endpoint: up.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const issuer = await findIssuer(reach, up.run.stack);
  const steps: LedgerMorning["steps"] = [];
  const lost: string[] = [];
  const check = (holds: boolean, what: string): void => {
    if (!holds) lost.push(what);
  };

  // Somebody new each time: over kept data, the books of a run before have this statement already.
  const person = `newcomer-${up.cloud.newId()}`;
  let token = "";
  const signIn = async (): Promise<void> => {
    token = (await signInTester(reach, issuer, person)).AccessToken ?? "";
  };
  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(`${issuer.api}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { "content-type": "application/json" }) },
      content: body === undefined ? undefined : JSON.stringify(body),
    });
  const refusalIn = ({ body }: Answer): string => textOf(body["detail"]) || JSON.stringify(body);
  const step = (did: string, answer: Answer, said: string): void => {
    steps.push({ did, status: answer.status, said: answer.status < 300 ? said : refusalIn(answer) });
  };
  /** What has to be made before anything else can be done. */
  const make = async (path: string, body: unknown): Promise<Answer> => {
    const answer = await call("POST", path, body);
    if (answer.status < 300) return answer;
    throw new Error(`POST ${path} of the ledger's API was answered by ${answer.status}: ${refusalIn(answer)}`);
  };
  const transactions = async (): Promise<{ answer: Answer; items: Booking[] }> => {
    const answer = await call("GET", "/transactions");
    return { answer, items: (answer.body["items"] ?? []) as Booking[] };
  };

  await signIn();
  const account = await make("/accounts", { name: "Everyday", type: "checking", currency: "EUR" });
  const accountId = textOf(account.body["accountId"]);
  step("opens an account", account, "Everyday, EUR");

  const announced = await make("/files", {
    fileName: "october.csv",
    fileSize: Buffer.byteLength(statement),
    accountId,
  });
  const { fileId } = (announced.body["file"] ?? {}) as { fileId?: string };
  const upload = announced.body["upload"] as { url: string; method: string; headers: Record<string, string> };
  step("announces a statement", announced, "an address for october.csv, for 15 minutes");
  const put = await ask(upload.url, { method: upload.method, headers: upload.headers, content: statement });
  step("uploads it", put, `${statement.length} bytes to S3`);
  await up.settle();

  await signIn();
  const file = await call("GET", `/files/${fileId}`);
  const { items: found } = await transactions();
  step("looks at what it brought", file, `${textOf(file.body["status"])}: ${found.length} transactions`);
  check(file.body["status"] === "success" && found.length === bookings, `the statement's ${bookings} transactions`);

  const rent = found.find(({ description }) => description === "Rent");
  const edit = { categoryId: "housing", version: rent?.version };
  const edited = await call("PATCH", `/transactions/${rent?.transactionId}`, edit);
  step("puts the rent into a category", edited, "housing");
  const stale = await call("PATCH", `/transactions/${rent?.transactionId}`, { ...edit, categoryId: "travel" });
  step("again, from a page that is no longer true", stale, "");
  check(edited.status === 200 && stale.status === 409, "one edit made, one refused");

  const rule = await call("POST", "/rules", { categoryId: "eating-out", contains: "coffee", autoApply: false });
  step("makes a rule", rule, "coffee is eating-out");
  const applied = await call("POST", "/rules/apply", { ruleIds: [textOf(rule.body["ruleId"])] });
  step("has it applied", applied, `${applied.body["examined"]} looked at, ${applied.body["categorized"]} changed`);
  check(applied.body["categorized"] === 2, "the rule's two transactions");
  await up.settle();

  await signIn();
  const { answer: listed, items } = await transactions();
  const categories = items.map(({ description, categoryId = "none" }) => `${description}: ${categoryId}`);
  step("looks again", listed, [...new Set(categories)].sort().join(", "));
  const expected = ["Corner Coffee: eating-out", "Corner Coffee: eating-out", "Rent: housing", "Salary: none"];
  check(categories.sort().join() === expected.join(), "each transaction in its category");

  const userId = textOf(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")).sub);
  const store = { client: dynamodb, table: outputs.tables.eventStore.name };
  const { events } = await readPage(store, { userId, ...always }, { limit: mostEvents });
  const pending = events.filter(({ status }) => status === "pending");
  check(events.length > 0 && pending.length === 0, "every event published");
  return { steps, tree: treeLines(grow(events), undefined, whatHappened), lost };
};
