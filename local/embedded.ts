import { rm } from "node:fs/promises";
import { Cloud } from "./cloud/cloud";
import type { Service } from "./cloud/service";
import { holdFolder } from "./dataFolder";
import { type ProgramProcess, startProgramProcess } from "./engine/apart/runApart";
import { told } from "./engine/failures";
import type { Cloud as ProgramCloud, ProgramRun } from "./engine/program";
import { answerDataSource } from "./engine/site";
import { readStack, UserError } from "./engine/stackFile";
import { type Gateway, startGateway } from "./gateway/gateway";
import { makePipeline } from "./gateway/pipeline";
import { type Market, type MarketOptions, type ProviderKeys, startProviders } from "./providers";
import { createServices, type Services } from "./services";
import { makeWorkFolder } from "./workFolder";

export interface EmbeddedOptions {
  root: string;
  /** @default dev */
  stack?: string;
  /** @default 4566; 0 takes any that is free */
  port?: number;
  /** Where state is kept across restarts. @default nowhere */
  dataFolder?: string;
  /** The moment to which the clock is turned before anything comes up, given what it shows. @default as it is */
  startAt?: (now: number) => number;
  /** Over the stack's own settings. */
  settings?: Record<string, string>;
  /** Calls the real providers with these keys, and lets functions call outside this machine. @default the stand-in market */
  live?: ProviderKeys;
  /** How the stand-in market is. @default as the stack's settings describe the providers' plans */
  market?: MarketOptions;
  /** Gives up coming up, leaving nothing behind. */
  signal?: AbortSignal;
  /** The process for the program, if it was started before. @default starts it */
  program?: ProgramProcess;
  /** Told of each resource as it comes to life. */
  onResource?: (type: string, name: string) => void;
}

/** The program, alive. */
export interface EmbeddedCloud {
  cloud: Cloud;
  services: Services;
  /** Stands in for the providers, unless they are called themselves. */
  market: Market | undefined;
  url: string;
  run: ProgramRun;
  startedInMs: number;
  /** Resolves when nothing is in flight anywhere. */
  idle: () => Promise<void>;
  /** As idle, and turns the clock to whatever still waits for its moment: redeliveries, retries, windows. */
  settle: () => Promise<void>;
  /** Turns the clock forward; schedules on the way fire. */
  turn: (ms: number) => Promise<void>;
  /** Forgets all data; tables, queues and functions stay. */
  reset: () => Promise<void>;
  close: () => Promise<void>;
}

const listen = async (cloud: Cloud, { all, certificate }: Services, port: number): Promise<Gateway> => {
  try {
    return await startGateway(makePipeline(cloud, all), port, certificate);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new UserError(
      `Port ${port} on 127.0.0.1 is taken, perhaps by another Signal9. Stop that, or choose one: npm start -- --port 4567`,
    );
  }
};

const programCloud = (services: readonly Service[], onResource: EmbeddedOptions["onResource"]): ProgramCloud => {
  const makers = new Map(services.flatMap((service) => Object.entries(service.resources)));
  return {
    realise: async (declared) => {
      const realise = makers.get(declared.type);
      if (!realise) throw new Error("the embedded cloud does not support this type of resource");
      const realised = await realise(declared);
      onResource?.(declared.type, declared.name);
      return realised;
    },
    invoke: answerDataSource,
  };
};

type Closer = () => Promise<void> | void;

/** Each of them, also after one that fails; what the first of those failed by. */
const closeAll = async (closers: readonly Closer[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const closer of closers) {
    try {
      await closer();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
};

/** The services, before anything is declared, and what ends them, in order. */
const createCloud = async ({ live, dataFolder }: Pick<EmbeddedOptions, "live" | "dataFolder">) => {
  const after: Closer[] = dataFolder === undefined ? [] : [await holdFolder(dataFolder)];
  try {
    const workFolder = await makeWorkFolder("signal9-");
    after.unshift(() => rm(workFolder, { recursive: true, force: true }));
    const cloud = new Cloud({ outside: live !== undefined });
    const services = createServices(cloud, { workFolder, dataFolder });
    const closers = [...services.all.map((service) => () => service.close()), () => cloud.clock.stop(), ...after];
    return { cloud, services, closers };
  } catch (error) {
    await closeAll(after);
    throw error;
  }
};

/** Brings the program up. */
export const startEmbeddedCloud = async (options: EmbeddedOptions): Promise<EmbeddedCloud> => {
  const startedAt = performance.now();
  const { root, stack = "dev", port = 4566 } = options;
  const settings = readStack(root, stack);
  const { cloud, services, closers } = await createCloud(options);
  const program = options.program ?? startProgramProcess();
  closers.unshift(program.end);
  options.signal?.addEventListener("abort", () => void program.end(), { once: true });
  const close = () => closeAll(closers.splice(0));
  const { project } = settings;
  const override = (over: Record<string, string>) => {
    for (const [name, value] of Object.entries(over)) settings.config[`${project}:${name}`] = value;
  };
  try {
    if (options.startAt !== undefined) await cloud.clock.turnTo(options.startAt(cloud.clock.now()));
    override(options.settings ?? {});
    const providers = await startProviders(cloud, settings.config, project, options);
    override(providers.settings);
    if (providers.market) closers.unshift(providers.market.close);
    const gateway = await listen(cloud, services, port);
    // Workflows and functions first: those under way are kept or end, instead of failing for want of a gateway.
    closers.unshift(
      () => services.stepFunctions.close(),
      () => services.lambda.close(),
      () => gateway.close(),
    );
    cloud.endpoint = gateway.url;
    const run = await program.run({ root, stack, settings, cloud: programCloud(services.all, options.onResource) });
    if (run.failures.length > 0) throw new UserError(`The program does not come up:\n${told(run.failures)}`);
    options.signal?.throwIfAborted();
    services.lambda.resume();
    services.stepFunctions.resume();
    return {
      cloud,
      services,
      market: providers.market,
      url: gateway.url,
      run,
      startedInMs: performance.now() - startedAt,
      idle: () => cloud.activity.idle(),
      settle: () => cloud.activity.settle(cloud.clock),
      turn: async (ms) => {
        // What is under way has its own time, of which the turned clock must not take any.
        await cloud.activity.idle();
        await cloud.clock.turnTo(cloud.clock.now() + ms, () => cloud.activity.idle());
      },
      reset: async () => {
        await cloud.activity.idle();
        for (const service of services.all) await service.reset();
        cloud.meter.reset();
        cloud.trace.reset();
      },
      close,
    };
  } catch (error) {
    // That tells more than what fails because of it.
    await close().catch(() => undefined);
    throw error;
  }
};
