import { QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { refusal } from "../failure";
import { startTableWorld, type TableWorld } from "./tableWorld";

const TableName = "orders";
const keySchemas = [{ attributeName: "state", keyType: "HASH" }];
const table = {
  name: TableName,
  billingMode: "PAY_PER_REQUEST",
  hashKey: "id",
  rangeKey: "day",
  attributes: ["id", "day", "state", "due"].map((name) => ({ name, type: "S" })),
  globalSecondaryIndexes: [
    { name: "by-state", keySchemas, projectionType: "INCLUDE", nonKeyAttributes: ["amount"] },
    { name: "whole", keySchemas, projectionType: "ALL" },
  ],
  localSecondaryIndexes: [{ name: "by-due", rangeKey: "due", projectionType: "KEYS_ONLY" }],
};

describe("what an index has on the embedded DynamoDB", () => {
  let world: TableWorld;
  before(async () => {
    world = await startTableWorld(table);
  });
  after(() => world.close());

  it("is all by which it answers and filters", async () => {
    const scan = (IndexName: string, more: object) =>
      refusal(world.items.send(new ScanCommand({ TableName, IndexName, ...more })));
    const lacks = "ValidationException: One or more parameter values were invalid:";
    const names = { ExpressionAttributeNames: { "#s": "state", "#n": "note" } };
    const answered = { ProjectionExpression: "amount, #n.words, #s, extra[0].id", ...names };
    const notAnswered = `${lacks} Global secondary index by-state does not project [extra, note]`;
    expect(await scan("by-state", answered)).to.equal(notAnswered);
    const query = new QueryCommand({
      TableName,
      IndexName: "by-state",
      ...answered,
      KeyConditionExpression: "#s = :new",
      ExpressionAttributeValues: { ":new": "new" },
    });
    expect(await refusal(world.items.send(query))).to.equal(notAnswered);
    const filtered = { FilterExpression: "attribute_exists(#n.id) or (not amount = #s)", ...names };
    const notFiltered = (index: string, missing: string) =>
      `${lacks} Secondary index ${index} does not project one or more filter attributes: [${missing}]`;
    expect(await scan("by-state", filtered)).to.equal(notFiltered("by-state", "note"));
    expect(await scan("by-due", filtered)).to.equal(notFiltered("by-due", "amount, note, state"));
    expect(await scan("by-due", { ...answered })).to.equal("it succeeded");
    expect(await scan("whole", { ...answered, ...filtered })).to.equal("it succeeded");
    const known = { ProjectionExpression: "id, #s, amount", FilterExpression: "size(amount) > id AND #n <> #s" };
    expect(await scan("by-state", { ...known, ExpressionAttributeNames: { "#s": "state", "#n": "day" } })).to.equal(
      "it succeeded",
    );
  });
});
