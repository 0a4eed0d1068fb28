import { DescribeBackupCommand } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { runEvents } from "../../../commands/events/run";
import { runLogs } from "../../../commands/logs/run";
import { openPlatform } from "../../../commands/platform";
import { runRestore } from "../../../commands/restore/run";
import { runTrace } from "../../../commands/trace/run";
import { indexed } from "../../../functions/processing/eventStore/keys";
import { UserError } from "../../../local/engine/stackFile";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

describe("commands, once the embedded cloud's clock is days ahead", function () {
  this.timeout(120_000);
  let shared: Shared;
  const now = () => shared.up.cloud.clock.now();
  const here = () => ["--endpoint", shared.up.url];

  before(async () => {
    shared = await sharedCloud();
    await shared.newDay();
    await shared.skipTo(12, 5);
    await shared.clients.dynamodb.send(
      new PutCommand({
        TableName: `${prefix}event-store`,
        Item: {
          event_id: "newest",
          event_type: "noted",
          source: "elsewhere",
          detail: "{}",
          correlation_id: "ahead",
          occurred_at: new Date(now()).toISOString(),
          status: "observed",
          ...indexed({ eventId: "newest", occurredAt: new Date(now()).toISOString(), correlationId: "ahead" }),
        },
      }),
    );
    await shared.tell({
      type: "pollenationNeeded",
      detail: {
        eventId: "unknown",
        correlationId: "unknown",
        assetId: "NOSUCH",
        dataTypes: ["earnings"],
        priority: "low",
      },
    });
    await shared.up.settle();
  });
  after(() => shared.newDay());

  it("go by its time, not by that of this computer", async () => {
    const platform = await openPlatform(shared.up.url, "dev");
    expect(platform.now()).to.be.within(now() - 2_000, now());
  });

  it("find the newest: of the logs, of a story, of the event store", async () => {
    expect(await runLogs(["errors-by-reason", ...here()])).to.include("NOSUCH is not a company we know");
    expect(await runTrace(["unknown", ...here()])).to.include("NOSUCH is not a company we know");
    expect((await runEvents(["list", ...here()], () => undefined)).text).to.include("newest");
  });

  it("take a moment for --since that has been there, and none that has not", async () => {
    const yet = new Date(now() - 60_000).toISOString();
    expect(await runLogs(["errors-by-reason", "--since", yet, ...here()])).to.include("NOSUCH");
    for (const run of [runLogs, runTrace]) {
      const error = await run(["errors-by-reason", "--since", "2999-01-01", ...here()]).catch((one: Error) => one);
      expect(error)
        .to.be.instanceOf(UserError)
        .with.property("message")
        .that.matches(/^--since must be before now: the platform's clock shows \d{4}-\d\d-\d\dT[\d:.]+Z$/);
    }
  });

  it("say of a stack that is not there which is", async () => {
    const other = ["--stack", "prod", ...here()];
    for (const run of [
      () => runLogs(other),
      () => runTrace(["ahead", ...other]),
      () => runEvents(["list", ...other], () => undefined),
      () => runRestore(["backup", "assets", ...other]),
    ]) {
      const error = await run().catch((one: Error) => one);
      expect(error)
        .to.be.instanceOf(UserError)
        .with.property("message", `There is no stack prod at ${shared.up.url}. There is: dev`);
    }
  });

  it("name a backup by it", async () => {
    const BackupArn = await runRestore(["backup", "assets", ...here()]);
    const { BackupDescription } = await shared.clients.dynamodb.send(new DescribeBackupCommand({ BackupArn }));
    const day = new Date(now()).toISOString().slice(0, 10).replaceAll("-", "");
    expect(BackupDescription?.BackupDetails?.BackupName).to.match(new RegExp(`^${prefix}assets-${day}`));
  });
});
