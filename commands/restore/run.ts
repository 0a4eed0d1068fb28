import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { UserError } from "../../local/engine/stackFile";
import { readArgsAbout } from "../commandLine";
import { openGiven, platformOptions } from "../platform";
import { visible, visibleJson } from "../visible";
import { restoreObjects } from "./objects";
import { bringRows } from "./rows";
import { backUp, restoreBackup, restoreTable } from "./table";

export const usage = `Usage: npm run restore -- bucket NAME --at TIME [--prefix P] [--dry-run]
       npm run restore -- table NAME --at TIME | --backup ARN
       npm run restore -- backup NAME
       npm run restore -- rows NAME --from COPY

Brings back what was lost, as it was at a moment. Nothing is overwritten for good: of objects, what came later stays as an
older version; of a table, a copy is made beside it, whose rows are then brought to the table where it lacks them.

  NAME             such as analysis-results, or earnings
  --at TIME        such as 2026-10-29T12:30:00Z
  --backup ARN     what "backup" answered; the embedded cloud has these alone, and no moments of tables
  --from COPY      what "table" answered
  --prefix P       only objects whose key begins so
  --dry-run        say what would be brought back, and do nothing
  --json           print for machines
  --stack NAME     the stack (default dev)
  --endpoint URL   where the embedded cloud listens (default http://127.0.0.1:4566)
  --aws            AWS instead, with the credentials and the region of the environment
  --help           this text`;

const options = {
  at: { type: "string" },
  backup: { type: "string" },
  from: { type: "string" },
  prefix: { type: "string", default: "" },
  "dry-run": { type: "boolean", default: false },
  ...platformOptions,
} as const;

/** Does what the arguments say, and answers what to print. */
export const runRestore = async (args: string[]): Promise<string> => {
  const { about, ...given } = readArgsAbout(args, options, usage);
  if (given.help) return usage;
  const [what, name, another] = about;
  if (!["bucket", "table", "backup", "rows"].includes(what ?? "") || !name || another !== undefined) {
    throw new UserError(usage);
  }
  const at = Date.parse(given.at ?? "");
  const momentless = what === "backup" || what === "rows" || (what === "table" && given.backup !== undefined);
  if (!momentless && Number.isNaN(at)) throw new UserError("--at must be a moment such as 2026-10-29T12:30:00Z");
  if (what !== "bucket" && (given["dry-run"] || given.prefix)) {
    throw new UserError("a table takes --at alone, or --backup");
  }
  const platform = await openGiven(given);
  const say = (told: object, words: string) => (given.json ? JSON.stringify(told) : words);
  try {
    const dynamodb = new DynamoDBClient(platform.reach);
    const table = platform.table(name);
    if (what === "backup") {
      const kept = await backUp(dynamodb, table, platform.now());
      return say(kept, kept.backup);
    }
    if (what === "rows") {
      if (given.from === undefined) throw new UserError("rows need --from, the copy that they are in");
      const done = await bringRows(platform.dynamodb, table, given.from);
      return say(done, `${done.brought} of ${done.looked} rows brought back; the others were there`);
    }
    if (what === "table") {
      const { backup } = given;
      const made = await (backup === undefined
        ? restoreTable(dynamodb, table, at)
        : restoreBackup(dynamodb, table, backup));
      return say(made, `${made.table} is ${made.status.toLowerCase()}`);
    }
    const asked = { prefix: given.prefix, at, dryRun: given["dry-run"] };
    const restored = await restoreObjects(platform.s3, platform.bucket(name), asked);
    if (given.json) return visibleJson(restored);
    const verb = given["dry-run"] ? "would be brought back" : "brought back";
    const lines = restored.map(({ key, writtenAt }) => visible(`${key}  of ${writtenAt}`));
    return [...lines, `${restored.length} ${verb}`].join("\n");
  } catch (error) {
    throw error instanceof Error && "$fault" in error ? new UserError(`${error.name}: ${error.message}`) : error;
  }
};
