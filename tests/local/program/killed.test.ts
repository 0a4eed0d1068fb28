import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { CloudWatchClient, GetMetricStatisticsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { keptState } from "./keptState";
import { kill } from "./started";

const sweeper = "signal9-dev-outbox-sweeper";
/** As the schedule's rule tells of it. */
const firing = { trigger: "sweep", time: "2026-11-21T10:00:00Z" };
const hour = 3_600_000;

describe("npm start with a folder for its data", function () {
  this.timeout(180_000);
  const state = keptState();

  const up = async () => {
    const { run, reach } = await state.up();
    const logs = new CloudWatchLogsClient(reach);
    return {
      run,
      lambda: new LambdaClient(reach),
      secrets: new SecretsManagerClient(reach),
      monitoring: new CloudWatchClient(reach),
      /** The platform's own lines about an invocation, once there are so many. */
      about: async (requestId: string, lines: number): Promise<string[]> => {
        const asked = {
          logGroupName: `/aws/lambda/${sweeper}`,
          filterPattern: `{ $.record.requestId = "${requestId}" }`,
        };
        for (;;) {
          const { events = [] } = await logs.send(new FilterLogEventsCommand(asked));
          const types = events.map(({ message = "" }) => (JSON.parse(message) as { type: string }).type);
          if (types.length >= lines) return types;
        }
      },
    };
  };
  const written = async (file: string, text: string) => {
    const path = state.ofData(file);
    while (!existsSync(path) || !readFileSync(path, "utf8").includes(text)) await new Promise(setImmediate);
  };
  /** A sweeper that does not come to its end. */
  const hang = () => {
    const path = state.ofProgram("functions/outboxSweeper.ts");
    const text = readFileSync(path, "utf8");
    const hanging = text.replace(
      /return \(event, context\) => \w+\(event, context\);/,
      "return () => new Promise(() => setTimeout(outboxSweeper, 90_000));",
    );
    expect(hanging).not.to.equal(text);
    writeFileSync(path, hanging);
    return () => writeFileSync(path, text);
  };

  it("has after a kill -9 the invocation under way, the secret, logs, metrics and the time that were there", async () => {
    const restore = hang();
    const first = await up();
    const { $metadata, StatusCode } = await first.lambda.send(
      new InvokeCommand({ FunctionName: sweeper, InvocationType: "Event", Payload: JSON.stringify(firing) }),
    );
    const requestId = $metadata.requestId ?? "";
    expect(StatusCode).to.equal(202);
    const { SecretList = [] } = await first.secrets.send(new ListSecretsCommand({}));
    const SecretId = SecretList[0]?.Name;
    await first.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: "put at run time" }));
    const Timestamp = new Date();
    await first.monitoring.send(
      new PutMetricDataCommand({ Namespace: "Shop", MetricData: [{ MetricName: "Sold", Value: 7, Timestamp }] }),
    );
    expect(await first.about(requestId, 1)).to.deep.equal(["platform.start"]);
    await written("cloudWatch/logs.jsonl", requestId);
    await written("cloudWatch/metrics.jsonl", "Sold");
    await kill(first.run);
    restore();
    writeFileSync(state.ofData("clock.jsonl"), `{"offset":${hour / 10}}\n`);

    const second = await up();
    const types = await second.about(requestId, 3);
    expect(types).to.deep.equal(["platform.start", "platform.start", "platform.report"]);
    const { SecretString } = await second.secrets.send(new GetSecretValueCommand({ SecretId }));
    expect(SecretString).to.equal("put at run time");
    expect((statSync(state.ofData("secrets.jsonl")).mode & 0o777).toString(8)).to.equal("600");
    const { Datapoints } = await second.monitoring.send(
      new GetMetricStatisticsCommand({
        Namespace: "Shop",
        MetricName: "Sold",
        StartTime: new Date(Timestamp.getTime() - hour),
        EndTime: new Date(Timestamp.getTime() + hour),
        Period: 3_600,
        Statistics: ["Sum"],
      }),
    );
    expect(Datapoints?.map(({ Sum }) => Sum)).to.deep.equal([7]);
    await second.run.said(/an earlier run turned the clock, by 0\.10 hours/);
    await written("invocations.jsonl", `{"kind":"ended","requestId":"${requestId}"}`);
    second.run.child.kill("SIGTERM");
    expect(await second.run.ended).to.deep.equal({ code: 0, signal: null });
  });
});
