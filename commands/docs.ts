import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { description } from "../functions/processing/ledger/operations/description";
import { UserError } from "../local/engine/stackFile";
import { command } from "./commandLine";
import { embeddedCloud } from "./docs/embeddedCloud";
import { ratings } from "./docs/ratings";
import { reference } from "./docs/reference";
import { runOffline } from "./runOffline";

const root = resolve(__dirname, "..");

command(async ([option, ...rest]) => {
  if (rest.length > 0 || (option !== undefined && option !== "--check")) {
    throw new UserError(
      "Usage: npm run docs [-- --check]\n\nWrites the pages of docs/ that are made from the code, or checks that they are up to date.",
    );
  }
  const run = await runOffline(root, "dev");
  const pages = {
    "docs/reference.md": reference(run),
    "docs/embedded-cloud.md": await embeddedCloud(),
    "docs/ratings.md": ratings(),
    "docs/ledger-api.json": `${JSON.stringify(description(), null, 2)}\n`,
  };
  for (const [page, text] of Object.entries(pages)) {
    const path = resolve(root, page);
    if (option !== "--check") writeFileSync(path, text);
    else if (readFileSync(path, "utf8") !== text) throw new UserError(`${page} is out of date: run npm run docs`);
  }
});
