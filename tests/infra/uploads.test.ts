import { expect } from "chai";
import type { Resource } from "../../local/engine/program";
import { grantsOf, ofType, prerequisites, programOf, statements } from "./program";

const bucket = "signal9-dev-uploads-123456789012";
const arnOf = (name: string) => `arn:aws:sqs:us-east-1:123456789012:signal9-dev-${name}`;

const run = (settings = {}) => programOf({ stack: "dev", program: "uploads", settings });

const the = (resources: Resource[]): Resource => {
  expect(resources).to.have.length(1);
  return resources[0] as Resource;
};

describe("uploads", () => {
  it("are told of on the default bus, from which their own rule takes them to a queue", async () => {
    const recorded = await run();
    expect(the(ofType(recorded, "aws:s3/bucketNotification:BucketNotification")).inputs).to.deep.equal({
      bucket,
      eventbridge: true,
    });
    const rule = the(ofType(recorded, "aws:cloudwatch/eventRule:EventRule"));
    expect(rule.inputs).not.to.have.property("eventBusName");
    expect(JSON.parse(String(rule.inputs["eventPattern"]))).to.deep.equal({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: [bucket] } },
    });
    const target = the(ofType(recorded, "aws:cloudwatch/eventTarget:EventTarget"));
    expect(target.inputs).to.deep.include({
      rule: "signal9-dev-import",
      arn: arnOf("import"),
      deadLetterConfig: { arn: arnOf("import-undelivered") },
    });
    expect(target.inputs).not.to.have.property("eventBusName");
    const policies = ofType(recorded, "aws:sqs/queuePolicy:QueuePolicy");
    expect(prerequisites(recorded, target)).to.include.keys(policies.map(({ urn }) => urn));
    const admitted = policies.find(({ name }) => name === "import");
    expect(statements(admitted?.inputs["policy"]).find(({ Effect }) => Effect === "Allow")?.Condition).to.deep.equal({
      ArnEquals: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/signal9-dev-import" },
    });
  });

  it("are kept, once they could not be handled, and read by version", async () => {
    const recorded = await run();
    const queue = the(ofType(recorded, "aws:sqs/queue:Queue").filter(({ name }) => name === "import"));
    expect(JSON.parse(String(queue.inputs["redrivePolicy"]))).to.deep.equal({
      deadLetterTargetArn: arnOf("import-dlq"),
      maxReceiveCount: 3,
    });
    const granted = grantsOf(recorded).filter(({ action }) => action.startsWith("s3:"));
    expect(granted).to.have.deep.members(
      ["s3:GetObject", "s3:GetObjectVersion"].map((action) => ({
        holder: "import",
        action,
        resource: `${bucket}/*`,
      })),
    );
    const versioning = the(ofType(recorded, "aws:s3/bucketVersioning:BucketVersioning"));
    expect(versioning.inputs["versioningConfiguration"]).to.deep.equal({ status: "Enabled" });
  });

  it("come from pages of the origins that the stack names, and from no others", async () => {
    const type = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration";
    expect(ofType(await run(), type)).to.deep.equal([]);
    const shared = await run({ "signal9:corsOrigins": '["https://ledger.example.com"]' });
    const [rule] = the(ofType(shared, type)).inputs["corsRules"] as object[];
    expect(rule).to.deep.include({ allowedOrigins: ["https://ledger.example.com"], allowedMethods: ["PUT"] });
  });
});
