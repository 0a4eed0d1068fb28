import { expect } from "chai";
import { type EventBridgeWorld, failure, startsAt, startWorld } from "./serviceWorld";

const arn = (rest: string) => `arn:aws:schemas:us-east-1:123456789012:${rest}`;
const content = JSON.stringify({ $schema: "http://json-schema.org/draft-04/schema#", type: "object" });
const time = new Date(startsAt).toISOString();

describe("the schema registry on the embedded cloud", () => {
  let world: EventBridgeWorld;

  before(async () => {
    world = await startWorld();
    const registry = { name: "events", description: "all", tags: {} };
    expect(await world.declare("aws:schemas/registry:Registry", "r", registry)).to.deep.equal({
      id: "events",
      outputs: { ...registry, arn: arn("registry/events") },
    });
    const schema = {
      name: "signal9@tested",
      registryName: "events",
      type: "JSONSchemaDraft4",
      content,
      description: "d",
    };
    expect(await world.declare("aws:schemas/schema:Schema", "s", schema)).to.deep.equal({
      id: "signal9@tested/events",
      outputs: {
        ...schema,
        arn: arn("schema/events/signal9@tested"),
        version: "1",
        lastModified: time,
        versionCreatedDate: time,
      },
    });
  });
  after(() => world.close());

  const ask = async (path: string, method = "GET", accessKeyId = "local") => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260301/us-east-1/schemas/aws4_request, SignedHeaders=host, Signature=0`;
    const answer = await fetch(`${world.gateway.url}${path}`, { method, headers: { authorization } });
    const body = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, code: answer.headers.get("x-amzn-errortype"), body };
  };

  it("describes and lists registries", async () => {
    const registry = { RegistryName: "events", RegistryArn: arn("registry/events"), Description: "all" };
    expect((await ask("/v1/registries")).body).to.deep.equal({ Registries: [registry] });
    expect((await ask("/v1/registries?registryNamePrefix=x")).body).to.deep.equal({ Registries: [] });
    expect((await ask("/v1/registries/name/events")).body).to.deep.equal(registry);
  });

  it("describes and lists schemas", async () => {
    expect((await ask("/v1/registries/name/events/schemas/name/signal9%40tested")).body).to.deep.equal({
      SchemaName: "signal9@tested",
      SchemaArn: arn("schema/events/signal9@tested"),
      SchemaVersion: "1",
      Type: "JSONSchemaDraft4",
      Content: content,
      Description: "d",
      LastModified: time,
      VersionCreatedDate: time,
    });
    expect((await ask("/v1/registries/name/events/schemas?schemaNamePrefix=signal9")).body).to.deep.equal({
      Schemas: [
        {
          SchemaName: "signal9@tested",
          SchemaArn: arn("schema/events/signal9@tested"),
          LastModified: time,
          VersionCount: 1,
        },
      ],
    });
  });

  it("says what does not exist, and refuses the unsupported by name", async () => {
    for (const path of [
      "/v1/registries/name/none",
      "/v1/registries/name/events/schemas/name/none",
      "/v1/registries/name/events/schemas/name/signal9@tested?schemaVersion=2",
    ]) {
      expect(await ask(path)).to.include({ status: 404, code: "NotFoundException" });
    }
    const discover = await ask("/v1/discover", "POST");
    expect(discover).to.include({ status: 501, code: "NotImplemented" });
    expect(discover.body["Message"]).to.contain("schemas:GetDiscoveredSchema");
    expect((await ask("/v1/registries?limit=1")).body["Message"]).to.contain("parameter limit");
  });

  it("asks for permission on the schema", async () => {
    const role = (Action: string, Resource: string) => world.asRole([{ Action, Resource }]).credentials.accessKeyId;
    const path = "/v1/registries/name/events/schemas/name/signal9@tested";
    const may = role("schemas:DescribeSchema", arn("schema/events/signal9@tested"));
    expect((await ask(path, "GET", may)).status).to.equal(200);
    expect(await ask("/v1/registries/name/events", "GET", may)).to.include({
      status: 403,
      code: "AccessDeniedException",
    });
  });

  it("refuses declarations that AWS refuses", async () => {
    const schema = { registryName: "events", type: "JSONSchemaDraft4", content };
    const refused: [type: string, inputs: Record<string, unknown>, reason: string][] = [
      ["aws:schemas/schema:Schema", { ...schema, content: "{" }, "property content: it is not JSON"],
      ["aws:schemas/schema:Schema", { ...schema, type: "Avro" }, "property type: "],
      ["aws:schemas/schema:Schema", { ...schema, registryName: "none" }, "Registry none does not exist."],
      ["aws:schemas/schema:Schema", { ...schema, name: "signal9@tested" }, "already exists."],
      ["aws:schemas/schema:Schema", { ...schema, odd: 1 }, "property odd is not supported by the embedded cloud"],
      ["aws:schemas/registry:Registry", { name: "events" }, "Registry events already exists."],
    ];
    for (const [type, inputs, reason] of refused) {
      expect((await failure(world.declare(type, "odd", inputs))).message).to.contain(reason);
    }
  });
});
