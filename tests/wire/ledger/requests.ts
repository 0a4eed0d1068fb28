import { randomUUID } from "node:crypto";
import type { APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import type { HttpEvent } from "../../../functions/processing/http/request";
import { commit, record } from "../../../functions/processing/ledger/commit";
import { fileRow, newFile } from "../../../functions/processing/ledger/file";
import { endImport } from "../../../functions/processing/ledger/imports/end";
import { importOf, storeTransactions } from "../../../functions/processing/ledger/imports/store";
import { ownerOf } from "../../../functions/processing/ledger/keys";
import { operations } from "../../../functions/processing/ledger/operations/description";
import { filesTable } from "../../../functions/processing/ledger/row";
import type { NewTransaction } from "../../../functions/processing/ledger/transaction";
import { ledgerAccounts } from "../../../functions/processing/ledgerAccounts";
import { ledgerFiles } from "../../../functions/processing/ledgerFiles";
import { ledgerRules } from "../../../functions/processing/ledgerRules";
import { ledgerTransactions } from "../../../functions/processing/ledgerTransactions";
import { captureOutput, type Line } from "../output";
import { type TestRun, testRun } from "../run";
import { context } from "../world";

type Handler = (event: HttpEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

const handlers: Record<keyof typeof operations, Handler> = {
  accounts: ledgerAccounts,
  transactions: ledgerTransactions,
  rules: ledgerRules,
  files: ledgerFiles,
};

const byRoute = new Map(
  Object.entries(operations).flatMap(([area, of]) =>
    of.map(({ route }) => [route as string, handlers[area as keyof typeof operations]] as const),
  ),
);

export const routes = [...byRoute.keys()];

export interface Sent {
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** An object is sent as JSON, a text as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Got {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers is looked into by the tests
  body: any;
  headers: Record<string, string>;
  lines: Line[];
}

/** A request as API Gateway hands it to a function, once its token was believed. */
export const httpEvent = (user: string, route: string, sent: Sent = {}): HttpEvent => {
  const [method = "", path = ""] = route.split(" ");
  const body = sent.body === undefined || typeof sent.body === "string" ? sent.body : JSON.stringify(sent.body);
  return {
    version: "2.0",
    routeKey: route,
    rawPath: path,
    rawQueryString: "",
    headers: { ...(sent.body !== undefined && { "content-type": "application/json" }), ...sent.headers },
    ...(sent.params && { pathParameters: sent.params }),
    ...(sent.query && { queryStringParameters: sent.query }),
    ...(body !== undefined && { body: String(body) }),
    isBase64Encoded: false,
    requestContext: {
      accountId: "123456789012",
      apiId: "api",
      domainName: "localhost",
      domainPrefix: "api",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      requestId: randomUUID(),
      routeKey: route,
      stage: "$default",
      time: "",
      timeEpoch: 0,
      authorizer: { principalId: "", integrationLatency: 0, jwt: { claims: { sub: user }, scopes: [] } },
    },
  };
};

/** Asks as this person. */
export const ask = async (user: string, route: string, sent: Sent = {}, within: Context = context()): Promise<Got> => {
  const handler = byRoute.get(route);
  if (!handler) throw new Error(`there is no route ${route}`);
  const { result, lines } = await captureOutput(() => handler(httpEvent(user, route, sent), within));
  return {
    status: result.statusCode ?? 0,
    body: result.body === undefined ? undefined : JSON.parse(result.body),
    headers: (result.headers ?? {}) as Record<string, string>,
    lines,
  };
};

/** A transaction's token may not come again with other content, as it would with ids in order. */
export const fresh = (now = Date.now()): TestRun => testRun(now, { newId: randomUUID });

export const bought = (
  count: number,
  over: Partial<NewTransaction> = {},
  prefix: string = randomUUID(),
): NewTransaction[] =>
  Array.from({ length: count }, (_, at) => ({
    transactionId: `${prefix}-${String(at).padStart(4, "0")}`,
    date: `2026-10-${String((at % 28) + 1).padStart(2, "0")}`,
    amount: -1_000 - at,
    currency: "EUR",
    description: `Shop ${at}`,
    ...over,
  }));

/** A statement that has been read, as the reader of files leaves it. */
export const imported = async (
  user: string,
  items: readonly NewTransaction[],
  accountId?: string,
): Promise<{ fileId: string; ids: string[] }> => {
  const run = fresh();
  const owner = ownerOf(user);
  const fileId = randomUUID();
  const act = { owner, changeId: `made-${fileId}`, at: run.now(), correlationId: fileId };
  const fields = { fileName: "statement.csv", fileSize: 10, ...(accountId !== undefined && { accountId }) };
  const file = fileRow({ ...newFile(owner, fileId, fields, act), status: "processing" });
  await commit(
    [{ rows: [{ table: filesTable, after: file }], tells: [record("file.requested", `FILE#${fileId}`, [], act)] }],
    run,
  );
  const reading = importOf(file, { ...act, changeId: `read-${fileId}` });
  const { stored } = await storeTransactions(items, reading, run);
  await endImport(reading, { status: "success", transactionIds: stored, duplicateCount: 0 }, run);
  return { fileId, ids: stored };
};

export const account = async (user: string, over: Record<string, unknown> = {}): Promise<string> => {
  const made = await ask(user, "POST /accounts", {
    body: { name: "Current", type: "checking", currency: "EUR", ...over },
  });
  return String(made.body.accountId);
};

/** Routes that take an id, and what they are sent with whose ids. */
export const routesWithIds = routes.filter((route) => route.includes("{"));
export const bodiesWithIds: Record<string, (own: Record<string, string>) => unknown> = {
  "PATCH /accounts/{accountId}": () => ({ name: "Mine" }),
  "POST /accounts/{accountId}/transactions": ({ transactionId }) => ({ transactionIds: [transactionId] }),
  "PATCH /transactions/{transactionId}": () => ({ note: "mine" }),
  "PATCH /rules/{ruleId}": () => ({ priority: 1 }),
  "PUT /files/{fileId}/account": ({ accountId }) => ({ accountId }),
};
