import { accessSync, constants, existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { UserError } from "../../local/engine/stackFile";
import { readArgs } from "../commandLine";
import { openPlatform, platformOptions } from "../platform";
import { withDay } from "./day";
import { picture } from "./picture/picture";
import { type FilledDashboard, readDashboard } from "./read";

export const usage = `Usage: npm run dashboard -- --picture FILE [--aws] [--stack dev]

Draws the dashboard that the program declares, with the metrics and alarms that CloudWatch has for it, as SVG: of a
trading day, which is run for the picture on an embedded cloud of its own, or of AWS.

  --picture FILE   where to, such as docs/dashboard.svg
  --aws            of AWS, with the credentials and the region of the environment
  --stack NAME     the stack (default dev)
  --help           this text`;

const { stack, aws, help } = platformOptions;
const options = { stack, aws, help, picture: { type: "string" } } as const;

const read = async ({ stack, aws }: { stack: string; aws: boolean }): Promise<FilledDashboard> => {
  const name = `signal9-${stack}-platform`;
  if (!aws) return withDay(stack, (up, { cloudWatch }) => readDashboard(cloudWatch, name, up.cloud.clock.now()));
  const { reach, now } = await openPlatform(undefined, stack);
  return readDashboard(new CloudWatchClient(reach), name, now());
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Before a whole day is run for it. */
const checkPlace = (picture: string): void => {
  const folder = dirname(resolve(picture));
  if (!isFolder(folder)) throw new UserError(`There is no folder ${folder} for the picture`);
  if (isFolder(picture)) throw new UserError(`${picture} is a folder: name a file in it for the picture`);
  try {
    accessSync(existsSync(picture) ? picture : folder, constants.W_OK);
  } catch {
    throw new UserError(`${picture} cannot be written`);
  }
};

/** Does what the arguments say, and answers what to print. */
export const runDashboard = async (args: string[]): Promise<string> => {
  const given = readArgs(args, options, usage);
  if (given.help) return usage;
  if (given.picture === undefined) throw new UserError(`--picture is missing\n\n${usage}`);
  checkPlace(given.picture);
  const seen = await read(given);
  const drawn = picture(seen);
  writeFileSync(given.picture, drawn);
  const on = seen.widgets.flatMap((one) =>
    "alarms" in one ? one.alarms.filter(({ state }) => state === "ALARM") : [],
  );
  return [
    `${given.picture}: ${seen.widgets.length} widgets, ${Math.ceil(drawn.length / 1_024)} kB, ${on.length} alarms on`,
    ...on.map(({ name }) => `  ${name}`),
  ].join("\n");
};
