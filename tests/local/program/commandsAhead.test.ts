import { DescribeBackupCommand } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { runEvents } from "../../../commands/events/run";
import { runLogs } from "../../../commands/logs/run";
import { openPlatform } from "../../../commands/platform";
import { runRestore } from "../../../commands/restore/run";
import { runTrace } from "../../../commands/trace/run";
import { indexed } from "../../../functions/processing/eventStore/keys";
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

  it("name a backup by it", async () => {
    const BackupArn = await runRestore(["backup", "assets", ...here()]);
    const { BackupDescription } = await shared.clients.dynamodb.send(new DescribeBackupCommand({ BackupArn }));
    const day = new Date(now()).toISOString().slice(0, 10).replaceAll("-", "");
    expect(BackupDescription?.BackupDetails?.BackupName).to.match(new RegExp(`^${prefix}assets-${day}`));
  });
});
