import { expect } from "chai";
import { createGlue } from "../../../local/glue/service";
import { startTestCloud, type TestCloud } from "../cloud";

const databaseType = "aws:glue/catalogDatabase:CatalogDatabase";
const tableType = "aws:glue/catalogTable:CatalogTable";

describe("the Glue Data Catalog", () => {
  let world: TestCloud;
  before(async () => {
    world = await startTestCloud(() => [createGlue()]);
    await world.declare(databaseType, "events", { name: "events", description: "What happened" });
  });
  after(() => world.close());

  const call = async (operation: string, input: object) => {
    const response = await fetch(world.client.endpoint, {
      method: "POST",
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/glue/aws4_request",
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSGlue.${operation}`,
      },
      body: JSON.stringify(input),
    });
    return response.json();
  };

  it("shows databases and tables as the program declares them", async () => {
    const { id, outputs } = await world.declare(tableType, "seen", {
      name: "seen",
      databaseName: "events",
      tableType: "EXTERNAL_TABLE",
      parameters: { "projection.enabled": "true" },
      partitionKeys: [{ name: "year", type: "int" }],
      storageDescriptor: {
        location: "s3://bucket/seen/",
        columns: [{ name: "event_id", type: "string" }],
        serDeInfo: { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
      },
    });
    expect(id).to.equal("123456789012:events:seen");
    expect(outputs["arn"]).to.equal("arn:aws:glue:us-east-1:123456789012:table/events/seen");
    const Table = {
      Name: "seen",
      DatabaseName: "events",
      CatalogId: "123456789012",
      TableType: "EXTERNAL_TABLE",
      Parameters: { "projection.enabled": "true" },
      PartitionKeys: [{ Name: "year", Type: "int" }],
      StorageDescriptor: {
        Location: "s3://bucket/seen/",
        Columns: [{ Name: "event_id", Type: "string" }],
        SerdeInfo: { SerializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
      },
    };
    expect(await call("GetTable", { DatabaseName: "events", Name: "seen" })).to.deep.equal({ Table });
    expect(await call("GetTables", { DatabaseName: "events" })).to.deep.equal({ TableList: [Table] });
    const Database = { Name: "events", CatalogId: "123456789012", Description: "What happened" };
    expect(await call("GetDatabase", { Name: "events" })).to.deep.equal({ Database });
    expect(await call("GetDatabases", {})).to.deep.equal({ DatabaseList: [Database] });
  });

  it("says what is not there, and what it does not do", async () => {
    expect(await call("GetDatabase", { Name: "none" })).to.include({
      __type: "EntityNotFoundException",
      message: "Database none not found.",
    });
    expect(await call("GetTable", { DatabaseName: "events", Name: "none" })).to.include({
      message: "Table none not found.",
    });
    expect(await call("GetTables", { DatabaseName: "events", Expression: "s*" })).to.include({
      message: "The embedded cloud does not support the parameter Expression of glue:GetTables.",
    });
    expect(await call("CreateTable", {})).to.include({
      message: "The embedded cloud does not support glue:CreateTable.",
    });
  });

  const refusals: [string, Record<string, unknown>][] = [
    ["owner", { owner: "us" }],
    ["numberOfBuckets", { storageDescriptor: { numberOfBuckets: 3 } }],
  ];
  for (const [property, more] of refusals) {
    it(`refuses a table with ${property}`, async () => {
      const failed = await world
        .declare(tableType, "odd", { name: "odd", databaseName: "events", ...more })
        .catch(String);
      expect(failed).to.include(`property ${property} is not supported by the embedded cloud`);
    });
  }
});
