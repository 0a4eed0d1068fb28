import { closeSync, openSync } from "node:fs";
import { startProcess } from "../../../local/lambda/process";

/** Starts a worker's process while no further file can be open here, and says how that ended. */

const launch = { workerId: "w", folder: ".", memoryMb: 128, clockOffsetMs: 0, compiled: undefined, outside: false };

const withoutFiles = <T>(work: () => T): T => {
  const open: number[] = [];
  try {
    for (;;) open.push(openSync("/dev/null", "r"));
  } catch {
    return work();
  } finally {
    for (const one of open) closeSync(one);
  }
};

const { pid, ended } = withoutFiles(() =>
  startProcess({ ...launch, environment: {} }, { onLine: () => undefined, onMark: () => undefined }),
);
ended.then(
  () => console.log("it started"),
  ({ code }: NodeJS.ErrnoException) => console.log(pid === undefined ? code : `${code}, and process ${pid}`),
);
