import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { newAccount } from "../../../../functions/processing/ledger/account";
import { newFile } from "../../../../functions/processing/ledger/file";
import { ownerOf, uploadKey } from "../../../../functions/processing/ledger/keys";
import { scan } from "../book";
import { prefix } from "../sharedCloud";
import { type AlarmWorld, allowNothing } from "./world";

const ann = ownerOf("ann");
const consumers = ["analytics", "categorization", "ledger-notification"];
const different = { "shadow-different": "shadow-comparison-different" };
const missing = { "shadow-missing": "shadow-comparison-missing" };

/** What the two paths do not do alike. */
export const alarmsOfShadow = (world: AlarmWorld): void => {
  const { shared, pass, expectRaised, expectOver, expectNamed, expectAll, setPolicy, hear, fire } = world;

  const write = (table: string, Item: object) =>
    shared().clients.dynamodb.send(new PutCommand({ TableName: `${prefix}${table}`, Item }));
  const made = () => ({ changeId: "made", at: shared().up.cloud.clock.now() });
  /** A statement of January, which is read, and told of. */
  const bring = async (id: string, amount: string) => {
    const statement = `Date,Description,Amount\n2024-01-31,${id},${amount}\n`;
    const fields = { fileName: `${id}.csv`, fileSize: Buffer.byteLength(statement), accountId: "main" };
    await write("files", newFile(ann, id, fields, made()));
    const Bucket = `${prefix}uploads-123456789012`;
    await shared().clients.s3.send(new PutObjectCommand({ Bucket, Key: uploadKey(ann, id), Body: statement }));
    await shared().up.idle();
  };
  /** As a deployment with both settings on: whoever reads statements tells of them by both paths. */
  const tellBothWays = async (work: () => Promise<void>) => {
    const queue = new GetQueueUrlCommand({ QueueName: `${prefix}direct-triggers` });
    const { QueueUrl = "" } = await shared().clients.sqs.send(queue);
    const Resource = `arn:aws:sqs:us-east-1:123456789012:${prefix}direct-triggers`;
    const FunctionName = `${prefix}file-processor`;
    const { lambda } = shared().clients;
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const given = { ...Environment?.Variables };
    const set = (Variables: Record<string, string>) =>
      lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    setPolicy("file-processor", { Effect: "Allow", Action: "sqs:SendMessage", Resource });
    await hear(true, ...consumers);
    await set({ ...given, ENABLE_DIRECT_TRIGGERS: "true", DIRECT_TRIGGERS_QUEUE_URL: QueueUrl });
    try {
      await work();
    } finally {
      await set(given);
      await hear(false, ...consumers);
      setPolicy("file-processor", allowNothing);
    }
  };
  const verdicts = async () =>
    Object.fromEntries(
      (await scan(shared(), "event-store"))
        .filter((row) => row["event_type"] === "file.processed")
        .map((row) => [JSON.parse(String(row["detail"])).data.fileId, row["shadow_verdict"]]),
    );
  /** Longer than a path that is late is waited for. */
  const compared = async () => {
    await pass(17);
    await fire("shadow-comparison");
  };

  it("a path that nobody takes, and books that were changed behind the back of one", async () => {
    await write("accounts", newAccount(ann, "main", { name: "Daily", type: "checking", currency: "EUR" }, made()));
    await tellBothWays(async () => {
      await shared().consume("direct-triggers", false);
      await bring("untaken", "-3.50");
      await compared();
      await expectRaised(missing);
      await expectNamed(
        "shadow-missing",
        missing["shadow-missing"],
        "direct-triggers, missing_direct: the event was not rehearsed",
      );
      expectAll("OK", different);
      await bring("changed", "-20.00");
      // Nobody is told of it: whoever reads the books from now on has other figures.
      for (const { owner, transaction_key } of await scan(shared(), "transactions")) {
        await shared().clients.dynamodb.send(
          new UpdateCommand({
            TableName: `${prefix}transactions`,
            Key: { owner, transaction_key },
            UpdateExpression: "SET amount = amount - :more",
            ExpressionAttributeValues: { ":more": 100 },
          }),
        );
      }
      await shared().consume("direct-triggers", true);
      await shared().up.idle();
      await compared();
      await expectRaised(different);
      const said = ["analytics", "cash_flow has other figures"];
      await expectNamed("shadow-different", different["shadow-different"], ...said);
      await bring("alike", "-7.00");
      await compared();
      await expectOver({ ...missing, ...different });
      expect(await verdicts()).to.deep.equal({ untaken: "different", changed: "different", alike: "same" });
    });
  });
};
