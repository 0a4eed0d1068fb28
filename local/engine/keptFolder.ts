import { resolve } from "node:path";

/** Where what was made once is kept for the next run: in the project's own packages, whichever program runs. */
export const keptFolder = resolve(__dirname, "../../node_modules/.cache/signal9");
