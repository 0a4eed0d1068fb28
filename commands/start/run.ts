import { constants } from "node:os";
import type { Signal9Outputs } from "../../infra/outputs";
import { type EmbeddedOptions, startEmbeddedCloud } from "../../local/embedded";
import { nextAt } from "../nextAt";
import { firstHour } from "./hours";
import { liveKeys, standInPlan } from "./live";
import { startUpList } from "./print";
import { progress } from "./progress";

export interface Wanted extends Required<Pick<EmbeddedOptions, "root" | "stack" | "port" | "program">> {
  dataFolder: string | undefined;
  once: boolean;
  json: boolean;
  live: boolean;
  quiet: boolean;
}

/** What is done once the cloud is up. It loads as long as a third of the cloud, and the program is at work meanwhile. */
const later = {
  once: () => require("./once") as typeof import("./once"),
  keys: () => require("./keys") as typeof import("./keys"),
  forget: () => require("../../local/engine/forgetUnused") as typeof import("../../local/engine/forgetUnused"),
  troubles: () => require("./tellTroubles") as typeof import("./tellTroubles"),
  /** Has to do with the program itself, whose process has compiled it by then. */
  reload: () => require("./reload") as typeof import("./reload"),
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });

/** Until somebody asks to stop, by a key or a signal. */
const stopped = async (signal: AbortSignal, listen: (quit: () => void) => () => void): Promise<void> => {
  let silence: () => void = () => undefined;
  const asked = new Promise<void>((quit) => {
    silence = listen(quit);
  });
  await Promise.race([asked, aborted(signal)]);
  silence();
};

/** As a shell reports it of who ends by a signal. What escaped has a status of its own, by whoever tells of it. */
const interruptedStatus = ({ reason }: AbortSignal): number =>
  typeof reason === "string" ? 128 + constants.signals[reason as NodeJS.Signals] : 1;

/** Brings the platform up, does what is wanted of it, and stops it. */
export const run = async ({ program, ...wanted }: Wanted, signal: AbortSignal): Promise<void> => {
  const { root, stack, port, dataFolder } = wanted;
  const bar = progress(!wanted.quiet);
  let loads = false;
  const up = await startEmbeddedCloud({
    signal,
    root,
    stack,
    port,
    program,
    ...(dataFolder && { dataFolder }),
    onResource: (type, name) => {
      bar.step(type, name);
      if (!loads) setImmediate(wanted.once ? later.once : later.keys);
      loads = true;
    },
    // A trading day begins in the small hours: the clock is turned there before anything runs by it.
    ...(wanted.once && { startAt: nextAt(firstHour - 0.1) }),
    ...(wanted.live ? { live: liveKeys(process.env) } : { settings: standInPlan }),
  })
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
    })
    .finally(bar.end);
  if (!up) {
    process.exitCode = interruptedStatus(signal);
    return;
  }
  try {
    const outputs = up.run.outputs as unknown as Signal9Outputs;
    if (!wanted.quiet) console.log([startUpList(up), ...up.services.notices().map((line) => `  ${line}\n`)].join("\n"));
    if (wanted.once) {
      const interrupted = aborted(signal).then(() => interruptedStatus(signal));
      process.exitCode = await Promise.race([later.once().runOnce(up, outputs, wanted, signal), interrupted]);
      return;
    }
    const tell = (line: string) => console.log(line);
    void later.forget().forgetUnused();
    const ends = [later.reload().watchForChanges(up, root, tell), later.troubles().tellTroubles(up, tell)];
    await stopped(signal, (quit) => later.keys().listenForKeys(up, outputs, tell, quit));
    for (const end of ends) end();
    if (signal.reason === "SIGPIPE") process.exitCode = interruptedStatus(signal);
  } finally {
    await up.close();
  }
};
