import { rebuild } from "./bundle";
import { readSettings } from "./settings";

// Imported before all else: bundling takes as long as it takes to load the rest of the program, and goes on beside it.
// If it fails, the first function that asks for its bundle hears of it.
rebuild(readSettings().sourceMaps).catch(() => undefined);
