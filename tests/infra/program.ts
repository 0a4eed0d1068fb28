import { fork } from "node:child_process";
import { resolve } from "node:path";
import type { ProgramRun, Resource } from "../../local/engine/program";
import type { Recorded, Recording } from "./record";

const loaders = {
  ours: resolve(__dirname, "../../local/engine/typescript.cjs"),
  pulumis: resolve(__dirname, "asPulumi.cjs"),
};

const runRecording = (recording: Recording): Promise<Recorded> =>
  new Promise((done, failed) => {
    const child = fork(resolve(__dirname, "record.ts"), {
      execArgv: ["-r", recording.asPulumi ? loaders.pulumis : loaders.ours],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let complaint = "";
    let answer: Recorded | undefined;
    child.stderr?.on("data", (chunk) => {
      complaint += chunk;
    });
    child.once("message", (recorded: Recorded) => {
      answer = recorded;
    });
    child.once("exit", (code) => {
      if (answer) done(answer);
      else failed(new Error(`the program ended with ${code}: ${complaint}`));
    });
    child.send(recording);
  });

const recordings = new Map<string, Promise<Recorded>>();

/** Runs the program under Pulumi's mocks: once for each recording that the tests ask for. */
export const recordProgram = (recording: Recording): Promise<Recorded> => {
  const key = JSON.stringify(recording);
  const known = recordings.get(key) ?? runRecording(recording);
  recordings.set(key, known);
  return known;
};

export const programOf = async (recording: Recording): Promise<ProgramRun> => {
  const { run, refused } = await recordProgram(recording);
  if (!run) throw new Error(refused ?? "the program did not run");
  return run;
};

/** Every setting that may be left empty and that functions are told of, its secrets marked. */
export const optionalSettings = {
  "signal9:alpacaKeyId": "marked-key-id",
  "signal9:alpacaSecretKey": "marked-secret-key",
  "signal9:alphaVantageKey": "marked-av-key",
  "signal9:watchlist": '["AAPL", "MSFT"]',
  "signal9:enableDirectTriggers": "true",
};

export const stacks = ["dev", "prod"] as const;

export const ofType = (run: ProgramRun, type: string): Resource[] =>
  run.resources.filter((resource) => resource.type === type);

export interface Statement {
  Sid?: string;
  Effect: string;
  Principal?: unknown;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

export const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** Those that events are delivered to, by the name that their rule, queue and function share. */
export const consumersOf = (run: ProgramRun): string[] =>
  ofType(run, "aws:cloudwatch/eventRule:EventRule").flatMap(({ name, inputs }) =>
    inputs["eventPattern"] ? [name] : [],
  );

/** Those that read a stream of records. */
export const streamsOf = (run: ProgramRun): string[] =>
  ofType(run, "aws:kinesis/stream:Stream").map(({ name }) => name);

/** Those that run by the clock. */
export const schedulesOf = (run: ProgramRun): string[] =>
  ofType(run, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").map(({ name }) => name);

export const variablesOf = ({ inputs }: Resource): Record<string, string> =>
  (inputs["environment"] as { variables: Record<string, string> }).variables;

export const statements = (policy: unknown): Statement[] =>
  (JSON.parse(String(policy)) as { Statement: Statement[] }).Statement;

export interface Grant {
  /** The function whose role it is, or whatever else has one. */
  holder: string;
  action: string;
  /** The part of the ARN that names the resource. */
  resource: string;
}

/** Everything that roles allow, one action on one resource at a time. */
export const grantsOf = (run: ProgramRun): Grant[] =>
  ofType(run, "aws:iam/rolePolicy:RolePolicy").flatMap(({ name: holder, inputs }) =>
    statements(inputs["policy"]).flatMap(({ Action, Resource }) =>
      list(Action).flatMap((action) =>
        list(Resource).map((arn) => ({
          holder,
          action,
          resource: arn === "*" ? "*" : arn.split(":").slice(5).join(":"),
        })),
      ),
    ),
  );

/** Everything that must be there before `urn`, directly or through something else, components included. */
export const prerequisites = (run: ProgramRun, { urn }: Resource): Set<string> => {
  const known = new Map(run.resources.map((resource) => [resource.urn, resource]));
  const reached = new Set<string>();
  const visit = (one: string) => {
    for (const dependency of known.get(one)?.dependencies ?? []) {
      if (reached.has(dependency)) continue;
      reached.add(dependency);
      visit(dependency);
    }
  };
  visit(urn);
  return reached;
};
