import { type ChildProcess, fork } from "node:child_process";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { makeWorkFolder } from "../../workFolder";
import type { Cloud, Declared, ProgramOptions, ProgramRun, Realised } from "../program";
import { UserError } from "../stackFile";
import type { Begin, FromProgram, Ran, ToProgram } from "./messages";
import { unpack } from "./parcels";

export interface ProgramProcess {
  pid: number | undefined;
  /** Runs the program, as `runProgram` does here. Once. */
  run: (options: ProgramOptions) => Promise<ProgramRun>;
  /** Ends it, wherever it is. */
  end: () => Promise<void>;
}

type Known = Map<string, { declared: Declared; realised: Realised }>;

/** Remembers what was declared, and what it became. */
const remembering = (cloud: Cloud, known: Known): Cloud => ({
  ...cloud,
  realise: async (declared) => {
    const realised = await cloud.realise(declared);
    known.set(`${declared.type} ${declared.name}`, { declared, realised });
    return realised;
  },
});

const whole = (ran: Ran, known: Known): ProgramRun => ({
  ...ran,
  resources: ran.resources.map((resource) => {
    const made = known.get(`${resource.type} ${resource.name}`);
    return {
      ...resource,
      inputs: made?.declared.inputs ?? resource.inputs ?? {},
      outputs: made?.realised.outputs ?? {},
    };
  }),
});

const answering = async (cloud: Cloud, message: Extract<FromProgram, { ask: number }>): Promise<ToProgram> => {
  try {
    const value =
      "realise" in message
        ? await cloud.realise(unpack(message.realise))
        : await cloud.invoke(message.invoke, message.inputs);
    return { answerTo: message.ask, value };
  } catch (error) {
    return { answerTo: message.ask, refusal: error instanceof Error ? error.message : String(error) };
  }
};

const exchange = (child: ChildProcess, ended: Promise<string>, begin: Begin, cloud: Cloud): Promise<ProgramRun> =>
  new Promise((done, failed) => {
    const known: Known = new Map();
    const remembered = remembering(cloud, known);
    const tell = (message: ToProgram): void => {
      // One that has ended says so by its exit.
      child.send(message, () => undefined);
    };
    child.on("message", (message: FromProgram) => {
      if ("ask" in message) void answering(remembered, message).then(tell);
      else if ("ran" in message) done(whole(message.ran, known));
      else if ("mistake" in message) failed(new UserError(message.mistake));
      // Where it was thrown, and not where it was heard of.
      else failed(Object.assign(new Error(message.broken), { stack: message.stack }));
    });
    child.once("error", failed);
    void ended.then((how) => failed(new Error(`the program's process ended by itself: ${how}`)));
    tell(begin);
  });

/** One that is through ends by itself, after it has kept what it compiled for the next. */
const keepingMs = 3_000;

/**
 * A process of its own for Pulumi and the program. It comes up while the cloud does, on another core, and takes what it
 * needed with it when it ends: more memory than the whole cloud. What it prints goes where errors go.
 */
export const startProgramProcess = (): ProgramProcess => {
  const child = fork(resolve(__dirname, "program.ts"), {
    // It speaks with nobody by TLS, as functions here do not: see there for what that saves.
    execArgv: ["--use-openssl-ca", "-r", resolve(__dirname, "../typescript.cjs")],
    serialization: "advanced",
    // Not our own: a Node that ends sets the terminal it was given back to how it found it, and keys would no longer be heard.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const output of [child.stdout, child.stderr]) output?.pipe(process.stderr, { end: false });
  const ended = new Promise<string>((done) => child.once("exit", (code, signal) => done(String(signal ?? code))));
  let isThrough = false;
  child.on("message", (message: FromProgram) => {
    if (!("ask" in message)) isThrough = true;
  });
  return {
    pid: child.pid,
    run: async ({ cloud, ...begin }) => {
      const parcelFolder = await makeWorkFolder("signal9-program-");
      try {
        return await exchange(child, ended, { begin, parcelFolder }, cloud);
      } finally {
        await rm(parcelFolder, { recursive: true, force: true });
      }
    },
    end: async () => {
      const end = setTimeout(() => child.kill("SIGKILL"), isThrough ? keepingMs : 0);
      await ended;
      clearTimeout(end);
    },
  };
};
