import type { Buckets } from "../infra/buckets";
import type { Bus } from "../infra/bus";
import type { Cache } from "../infra/cache";
import type { Network } from "../infra/network";
import type { QueueWithDeadLetters } from "../infra/queue";
import type { Search } from "../infra/search";
import type { Secrets } from "../infra/secrets";
import type { Settings } from "../infra/settings";
import type { Tables } from "../infra/tables";
import type { Topics } from "../infra/topics";
import type { Uploads } from "../infra/uploads";

/** What every function may be wired to. */
export interface Platform {
  settings: Settings;
  network: Network;
  tables: Tables;
  buckets: Buckets;
  uploads: Uploads;
  cache: Cache;
  search: Search;
  secrets: Secrets;
  topics: Topics;
  bus: Bus;
  /** Where the ledger sends events that do not go over the bus, or not alone. */
  direct: QueueWithDeadLetters;
}
