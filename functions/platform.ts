import type { Bus } from "../infra/bus";
import type { Settings } from "../infra/settings";
import type { Tables } from "../infra/tables";

/** What every function may be wired to. */
export interface Platform {
  settings: Settings;
  tables: Tables;
  bus: Bus;
}
