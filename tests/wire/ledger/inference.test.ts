import { expect } from "chai";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { emptyTables } from "../tables";
import { world } from "../world";
import { account, ask, bodiesWithIds, bought, imported, routesWithIds, type Sent } from "./requests";

interface Input {
  TableName?: string;
  IndexName?: string;
  RequestItems?: Record<string, { Keys?: unknown[] }>;
  TransactItems?: unknown[];
}

/** A call as far as its cost and its time hang on it: what is asked of which table, and of how much. */
const shapeOf = (operation: string, { TableName, IndexName, RequestItems = {}, TransactItems }: Input): string =>
  [
    operation,
    TableName,
    IndexName,
    ...Object.entries(RequestItems).map(([table, { Keys = [] }]) => `${table} ${Keys.length}`),
    TransactItems?.length,
  ]
    .filter((part) => part !== undefined)
    .join(" ");

const nowhere = "00mxyz000-nowhere";

describe("the work that a refusal takes", () => {
  let ids: Record<string, string>;
  const calls: string[] = [];
  before(async () => {
    await world();
    await emptyTables("accounts", "files", "transactions", "category-rules", "event-store", "effects");
    const accountId = await account("ann");
    const { fileId, ids: own } = await imported("ann", bought(60), accountId);
    const rule = await ask("ann", "POST /rules", { body: { categoryId: "health", contains: "Shop" } });
    ids = { accountId, fileId, transactionId: own[0] ?? "", ruleId: String(rule.body.ruleId) };
    dynamodb().middlewareStack.add(
      (next, { commandName = "" }) =>
        async (sent) => {
          calls.push(shapeOf(commandName, sent.input as Input));
          return next(sent);
        },
      { step: "initialize", name: "calls" },
    );
  });
  after(() => dynamodb().middlewareStack.remove("calls"));

  const answered = async (route: string, sent: Sent) => {
    calls.length = 0;
    const { status, body } = await ask("bob", route, { ...sent, headers: { "x-correlation-id": "same" } });
    return { status, body, calls: [...calls] };
  };
  const absent = () => Object.fromEntries(Object.keys(ids).map((name) => [name, nowhere]));
  const same = async (route: string, sent: (ids: Record<string, string>) => Sent) => {
    const [foreign, none] = [await answered(route, sent(ids)), await answered(route, sent(absent()))];
    expect(foreign.status, route).to.equal(none.status);
    expect(foreign.calls, route).to.deep.equal(none.calls);
    return foreign;
  };

  it("is the same for what is another's as for what never was, call by call, by every route that takes an id", async () => {
    for (const route of routesWithIds) {
      const foreign = await same(route, (own) => ({
        params: own,
        ...(bodiesWithIds[route] && { body: bodiesWithIds[route](own) }),
      }));
      expect(foreign.status, route).to.equal(404);
      expect(foreign.calls, route).not.to.deep.equal([]);
    }
  });

  it("is the same by ids in a body or a query", async () => {
    const bobs = await account("bob");
    const mine = (await imported("bob", bought(1))).ids[0] ?? "";
    const bulk = ({ transactionId = "" }: Record<string, string>) => ({ transactionIds: [transactionId] });
    await same("POST /transactions/bulk-delete", (own) => ({ body: bulk(own) }));
    await same("POST /transactions/bulk-edit", (own) => ({ body: { ...bulk(own), edit: { note: "mine" } } }));
    await same("POST /accounts/{accountId}/transactions", (own) => ({ params: { accountId: bobs }, body: bulk(own) }));
    await same("PATCH /transactions/{transactionId}", ({ accountId }) => ({
      params: { transactionId: mine },
      body: { accountId },
    }));
    await same("POST /files", ({ accountId }) => ({ body: { fileName: "a", fileSize: 1, accountId } }));
    await same("POST /rules/apply", ({ ruleId = "" }) => ({ body: { ruleIds: [ruleId] } }));
    for (const name of ["accountId", "fileId"]) {
      await same("GET /transactions", (own) => ({ query: { [name]: own[name] ?? "" } }));
    }
  });

  it("tells what is one's own apart, so that the comparison can fail", async () => {
    const foreign = await answered("GET /transactions/{transactionId}", { params: ids });
    calls.length = 0;
    await ask("ann", "GET /transactions/{transactionId}", { params: ids });
    expect(calls).not.to.deep.equal(foreign.calls);
  });
});
