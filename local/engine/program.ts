import "./lessOfPulumi";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { isArchive, readArchive } from "./archive";
import { keepBundles } from "./keptBundles";
import { keepClosures } from "./keptClosures";
import type { StackConfig } from "./stackFile";
import { UserError } from "./stackFile";

/** A resource as the program declared it, and what became of it. */
export interface Resource {
  urn: string;
  type: string;
  name: string;
  /** False for a component, which has no life of its own. */
  custom: boolean;
  /** URN of the component it belongs to. */
  parent: string;
  inputs: Record<string, unknown>;
  id: string;
  outputs: Record<string, unknown>;
  /** URNs of what must be there before it. */
  dependencies: string[];
  protect: boolean;
}

export interface Declared {
  type: string;
  name: string;
  /** An archive stands here as its files. */
  inputs: Record<string, unknown>;
}

/** What brings declared resources to life: or only says what they would be. */
export interface Cloud {
  realise: (declared: Declared) => Promise<Realised> | Realised;
  invoke: (
    token: string,
    inputs: Record<string, unknown>,
  ) => Promise<Record<string, unknown>> | Record<string, unknown>;
}

export interface Realised {
  /** Undefined where a preview cannot know it. */
  id: string | undefined;
  outputs: Record<string, unknown>;
}

export interface ProgramFailure {
  /** The resource at which it happened, if at one. */
  at: string;
  message: string;
}

export interface ProgramRun {
  stack: string;
  resources: Resource[];
  outputs: Record<string, unknown>;
  failures: ProgramFailure[];
}

interface Request {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getProtect(): boolean;
  getDependenciesList(): string[];
  getObject(): Parameters<typeof pulumi.runtime.deserializeProperties>[0];
}

/** The part of Pulumi's mock monitor that is wrapped to learn what mocks are not told. */
interface Monitor {
  registerResource: (
    request: Request,
    callback: (error: unknown, response: Response | undefined) => void,
  ) => Promise<void>;
}

interface Response {
  getUrn(): string;
  getId(): string;
  toString(): string;
}

const property = 'error serializing property "[^"]*": ';
const onItsWay = new RegExp(`^(?:${property})+(?=${property})`);

/** Pulumi writes before a message each property that the error went through, in one for all: where it began is what helps. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(onItsWay, "");

/** Thrown by the loader of TypeScript. */
const isOfSource = (error: unknown): error is Error => error instanceof Error && error.name === "SourceError";

type Inputs = Record<string, unknown>;

/** Inputs as a provider gets them: a secret without the wrapping in which Pulumi's engine hands it on. */
const asProvided = (inputs: Inputs): Inputs =>
  Object.fromEntries(
    Object.entries(inputs).map(([property, value]) => [property, pulumi.runtime.unwrapRpcSecret(value)]),
  );

const archivesIn = (inputs: Inputs): Inputs =>
  Object.fromEntries(Object.entries(inputs).filter(([, value]) => isArchive(value)));

const filesOf = async (archives: Inputs): Promise<Inputs> =>
  Object.fromEntries(
    await Promise.all(Object.entries(archives).map(async ([property, code]) => [property, await readArchive(code)])),
  );

/** What became of a declared resource. */
interface Made {
  realised: Realised;
  /** The files of its archives, by property. */
  files: Inputs;
}

/** Remembers each resource with its dependencies, which Pulumi's mocks do not pass on. */
const observe = (
  monitor: Monitor,
  seen: Resource[],
  failures: ProgramFailure[],
  made: ReadonlyMap<string, Made>,
): void => {
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      const at = `${request.getType()} ${request.getName()}`;
      if (error || !response) {
        failures.push({ at, message: messageOf(error) });
      } else {
        const urn = response.getUrn();
        if (seen.some((one) => one.urn === urn)) failures.push({ at, message: "another resource has this name" });
        seen.push({
          urn,
          type: request.getType(),
          name: request.getName(),
          custom: request.getCustom(),
          parent: request.getParent(),
          inputs: {
            ...asProvided(pulumi.runtime.deserializeProperties(request.getObject(), true)),
            ...made.get(at)?.files,
          },
          id: response.getId(),
          outputs: made.get(at)?.realised.outputs ?? {},
          dependencies: request.getDependenciesList(),
          protect: request.getProtect(),
        });
        // Pulumi writes each answer out in full for a debug message that nobody gets to see.
        response.toString = () => urn;
      }
      callback(error, response);
    });
};

/**
 * Every function is packed without a single package, yet Pulumi reads the whole node_modules tree to find that out, once
 * a function. The answer is the empty set either way.
 */
const skipPackageWalk = (): void => {
  Object.defineProperty(pulumi.runtime, "computeCodePaths", { value: async () => new Map() });
};

/**
 * Pulumi notes the whole stack, mapped back to TypeScript, at each of some ten thousand promises, for a report of those
 * that never end. Half the time of a start went there; what never ends shows here as a resource that was not made.
 */
const skipPromiseTraces = (): void => {
  const debuggable = require("@pulumi/pulumi/runtime/debuggable") as Record<string, unknown>;
  Object.defineProperty(debuggable, "debuggablePromise", { value: <T>(promise: Promise<T>) => promise });
};

/** Pulumi notes with each resource from which lines it came, mapped back to TypeScript: for its engine, which is not here. */
const skipPlaces = (): void => {
  Object.defineProperty(pulumi.Resource, "stackTrace", { value: () => [] });
};

/** Resolves once no registration is under way; not part of Pulumi's typed surface. */
const { waitForRPCs } = require("@pulumi/pulumi/runtime/settings") as { waitForRPCs: () => Promise<void> };

const settled = async (count: () => number): Promise<void> => {
  for (let quiet = 0, last = -1; quiet < 3; ) {
    await waitForRPCs();
    await new Promise(setImmediate);
    quiet = count() === last ? quiet + 1 : 0;
    last = count();
  }
};

export interface ProgramOptions {
  root: string;
  stack: string;
  settings: StackConfig;
  cloud: Cloud;
  /** Leave unknown what only a deployment can know. */
  preview?: boolean;
}

/** Runs the program against `cloud`. One run a process: Pulumi keeps its stack in globals. */
export const runProgram = async ({
  root,
  stack,
  settings,
  cloud,
  preview = false,
}: ProgramOptions): Promise<ProgramRun> => {
  const index = resolve(root, "index.ts");
  // It would come up empty, and say nothing.
  if (require.cache[index]) throw new Error("the program has been run in this process already");
  const resources: Resource[] = [];
  const failures: ProgramFailure[] = [];
  const made = new Map<string, Made>();
  let pending = 0;
  let begun = 0;

  await pulumi.runtime.setMocks(
    {
      newResource: async ({ type, name, inputs, custom }) => {
        pending++;
        begun++;
        try {
          // A component is custom only if it is remote, and then the cloud has to answer for it.
          const remote = !custom && type.startsWith("awsx:");
          if (!custom && !remote) return { id: undefined, state: {} };
          const archives = archivesIn(inputs);
          const files = await filesOf(archives);
          const realised = await cloud.realise({ type, name, inputs: { ...asProvided(inputs), ...files } });
          made.set(`${type} ${name}`, { realised, files });
          // Pulumi would take files for a great many properties.
          return { id: realised.id, state: { ...realised.outputs, ...archives } };
        } finally {
          pending--;
        }
      },
      call: async ({ token, inputs }) => cloud.invoke(token, inputs),
    },
    settings.project,
    stack,
    preview,
  );
  pulumi.runtime.setAllConfig(settings.config, settings.secretKeys);
  observe(pulumi.runtime.getMonitor() as unknown as Monitor, resources, failures, made);
  skipPackageWalk();
  keepBundles();
  keepClosures();
  skipPromiseTraces();
  skipPlaces();

  const stray = (error: unknown) => {
    const message = messageOf(error);
    if (!failures.some((known) => message.includes(known.message))) failures.push({ at: "program", message });
  };
  process.on("unhandledRejection", stray);
  try {
    const exported = require(index) as Record<string, pulumi.Input<unknown>>;
    await settled(() => begun * 1_000 + pending);
    const outputs = failures.length > 0 || preview ? {} : await plain(exported);
    return { stack, resources, outputs, failures };
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) throw new UserError(messageOf(error));
    if (isOfSource(error)) throw new UserError(`The program cannot be loaded: ${error.message}`);
    throw error;
  } finally {
    process.off("unhandledRejection", stray);
  }
};

const plain = async (exported: Record<string, pulumi.Input<unknown>>): Promise<Record<string, unknown>> =>
  new Promise((resolvePlain) => {
    pulumi.output(exported).apply((known) => {
      resolvePlain(known as Record<string, unknown>);
      return known;
    });
  });
