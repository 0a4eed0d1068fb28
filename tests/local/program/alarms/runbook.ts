import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { paginateListFunctions } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { runLogs } from "../../../../commands/logs/run";
import { type AlarmKind, runbookOf } from "../../../../infra/alarmKinds";
import { prefix, type Shared } from "../sharedCloud";

const root = resolve(__dirname, "../../../..");

const queriesOn = (kind: AlarmKind): string[] =>
  readFileSync(resolve(root, runbookOf(kind)), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("npm run logs -- "));

/** Does what the runbooks say to whoever has nothing but an alarm. */
export const runbookReader = (shared: () => Shared) => {
  let labels: string[] | undefined;
  const functions = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { Functions = [] } of paginateListFunctions({ client: shared().clients.lambda }, {})) {
      found.push(...Functions.map(({ FunctionName = "" }) => FunctionName.replace(prefix, "")));
    }
    return found.sort((one, other) => other.length - one.length);
  };
  /** The function that an alarm's name begins with. */
  const functionOf = async (alarm: string): Promise<string | undefined> => {
    labels ??= await functions();
    return labels.find((label) => alarm.startsWith(`${label}-`));
  };
  const answer = async (query: string, alarm: string): Promise<string> => {
    const ofFunction = await functionOf(alarm);
    const filled = query
      .replace("--aws --stack <stack>", `--endpoint ${shared().up.url}`)
      .replace("<function>", (placeholder) => ofFunction ?? placeholder);
    expect(filled, `${alarm} fills it`).to.not.match(/[<>]/);
    return runLogs(filled.replace("npm run logs -- ", "").split(" "));
  };

  /** Asks the logs what the page of an alarm's kind asks: one line of one answer has all of it. */
  return async (kind: AlarmKind, alarm: string, ...told: readonly string[]): Promise<void> => {
    const answers: string[] = [];
    for (const query of queriesOn(kind)) answers.push(`${query}\n${await answer(query, alarm)}`);
    for (const text of answers) {
      // That nothing was tried again, or started anew, is an answer too.
      if (!/ (retried-calls|cold-starts) /.test(text)) expect(text, kind).to.not.include("nothing was found");
    }
    const lines = answers.flatMap((text) => text.split("\n").slice(2));
    const says = lines.some((line) => told.every((part) => line.includes(part)));
    expect(says, `${kind} says ${told.join(", ")} of ${alarm}:\n${answers.join("\n")}`).to.equal(true);
  };
};
