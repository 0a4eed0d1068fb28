import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { s3 } from "../../../functions/processing/aws/s3";
import { sqs } from "../../../functions/processing/aws/sqs";

/** `refused`: the call never got there. `lost`: it did what it should, and nobody heard of it. */
export type Fault = "refused" | "lost";

const unavailable = () =>
  Object.assign(new Error("the service is not there"), { name: "ServiceUnavailable", $fault: "server" });

/** What becomes of a call; whatever else is to happen first may be waited for. */
type Decide = (operation: string) => Fault | undefined | Promise<Fault | undefined>;

let decide: Decide = () => undefined;
let installed = false;

type Next = (args: never) => Promise<never>;

interface Client {
  middlewareStack: {
    add: (
      middleware: (next: Next, context: { commandName?: string }) => Next,
      where: { step: "initialize"; name: string; priority: "high" },
    ) => void;
  };
}

const install = (): void => {
  if (installed) return;
  installed = true;
  for (const client of [dynamodb(), s3(), sqs()] as unknown as Client[]) {
    client.middlewareStack.add(
      (next, { commandName = "" }) =>
        async (args) => {
          const fault = await decide(commandName.replace(/Command$/, ""));
          if (fault === "refused") throw unavailable();
          const answer = await next(args);
          if (fault === "lost") throw unavailable();
          return answer;
        },
      { step: "initialize", name: "faults", priority: "high" },
    );
  }
};

/** While `work` runs, calls of our own clients fail as `decideMeanwhile` says. */
export const withFaults = async <T>(decideMeanwhile: Decide, work: () => Promise<T>): Promise<T> => {
  install();
  decide = decideMeanwhile;
  try {
    return await work();
  } finally {
    decide = () => undefined;
  }
};
