import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";
import { ofType, programOf, stacks } from "./program";

describe("the program", () => {
  for (const stack of stacks) {
    it(`comes up in ${stack} without a failure`, async () => {
      const run = await programOf({ stack });
      expect(run.failures).to.deep.equal([]);
      expect(ofType(run, "aws:lambda/function:Function")).to.have.length.greaterThan(1);
    });

    it(`previews ${stack} before anything exists, with the same resources`, async () => {
      const preview = await programOf({ stack, preview: true });
      const deployed = await programOf({ stack });
      expect(preview.failures).to.deep.equal([]);
      expect(preview.resources.map(({ urn }) => urn).sort()).to.deep.equal(
        deployed.resources.map(({ urn }) => urn).sort(),
      );
    });

    it(`declares the same in ${stack}, to the byte, as where Pulumi's CLI compiles it`, async () => {
      const declared = async (asPulumi: boolean) =>
        new Map((await programOf({ stack, asPulumi })).resources.map(({ urn, inputs }) => [urn, inputs]));
      const [ours, pulumis] = await Promise.all([declared(false), declared(true)]);
      expect([...ours.keys()].sort()).to.deep.equal([...pulumis.keys()].sort());
      expect([...ours.keys()].filter((urn) => !isDeepStrictEqual(ours.get(urn), pulumis.get(urn)))).to.deep.equal([]);
    });

    it(`gives every physical name of ${stack} the stack's prefix, within the length its service allows`, async () => {
      const longest: Record<string, number> = {
        "aws:cloudwatch/eventArchive:EventArchive": 48,
        "aws:cloudwatch/eventRule:EventRule": 64,
        "aws:iam/role:Role": 64,
        "aws:lambda/function:Function": 64,
        "aws:sqs/queue:Queue": 80,
      };
      const run = await programOf({ stack });
      const named = run.resources.filter(
        ({ inputs, type }) => typeof inputs["name"] === "string" && !within.includes(type),
      );
      expect(named.length).to.be.greaterThan(20);
      for (const { inputs, type } of named) {
        const name = String(inputs["name"]);
        expect(name).to.match(new RegExp(`^(/aws/lambda/|/aws/vendedlogs/[a-z]+/|alias/)?signal9-${stack}-`));
        expect(name.length, name).to.be.at.most(longest[type] ?? 255);
      }
      for (const { inputs } of ofType(run, "aws:s3/bucket:Bucket"))
        expect(inputs["bucket"]).to.match(new RegExp(`^(?=.{3,63}$)signal9-${stack}-[a-z-]+-123456789012$`));
      for (const { inputs } of ofType(run, "aws:elasticache/replicationGroup:ReplicationGroup"))
        expect(inputs["replicationGroupId"]).to.match(new RegExp(`^(?=.{1,40}$)signal9-${stack}-[a-z-]+$`));
    });
  }

  /** Named within what has the prefix: a registry, an API. */
  const within = [
    "aws:schemas/schema:Schema",
    "aws:apigatewayv2/stage:Stage",
    "aws:glue/catalogTable:CatalogTable",
    // Named after the stack too, but without hyphens: see the test of the archive's table.
    "aws:glue/catalogDatabase:CatalogDatabase",
  ];

  it("keeps two stacks apart in one account", async () => {
    const names = async (stack: string) =>
      (await programOf({ stack })).resources.flatMap(({ type, inputs }) =>
        typeof inputs["name"] === "string" && (!within.includes(type) || type.endsWith(":CatalogDatabase"))
          ? [`${type} ${inputs["name"]}`]
          : [],
      );
    const [dev, prod] = [await names("dev"), new Set(await names("prod"))];
    expect(dev.filter((name) => prod.has(name))).to.deep.equal([]);
  });

  it("declares no resource twice", async () => {
    const run = await programOf({ stack: "dev" });
    const urns = run.resources.map(({ urn }) => urn);
    expect(new Set(urns).size).to.equal(urns.length);
  });
});
