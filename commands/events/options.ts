import { always, type Selection } from "../../functions/processing/eventStore/selection";
import { UserError } from "../../local/engine/stackFile";
import { readArgsAbout } from "../commandLine";
import { platformOptions } from "../platform";
import { aheadMs } from "../since";

export const usage = `Usage: npm run events -- list | show ID | tree ID | replay [OPTIONS]

Reads the event store, the record of all that happened, and sends events from it again.

  list                 events, newest first
  show ID              one event as it is stored
  tree ID              what an event followed from, and what followed from it
  replay               sends a selection again, oldest first, under the same ids and marked as a replay: consumers that
                       had their effect have none again

Which events, for list and replay; all that is given must fit:
  --type TYPE          such as pollenationNeeded
  --entity ENTITY      what it is about, such as ASSET#AAPL
  --correlation ID     one story, by its correlation id
  --user ID            what this person did
  --from TIME          a day or a moment, such as 2026-10-29 or 2026-10-29T12:30:00Z
  --to TIME            the same; not included itself
                       (list goes back 7 days unless --from, --entity, --correlation or --user says otherwise)

For list:
  --limit N            how many (default 50, at most 1000)
  --after CURSOR       the page after the one that named this cursor

For replay:
  --to-consumer NAME   to this consumer's queue alone, and only what its rule lets through (default to the bus)
  --archive            from EventBridge's archive, which has also what the store could not take; between --from and --to
  --dry-run            say what would be sent, send nothing
  --rate N             events a second (default 50, at most 1000)
  --limit N            refuse to send more than so many (default 10000)
  --yes                needed for more than 100 events, and with --archive

  --json               print for machines
  --stack NAME         the stack (default dev)
  --endpoint URL       where the embedded cloud listens (default http://127.0.0.1:4566)
  --aws                AWS instead, with the credentials and the region of the environment
  --help               this text`;

const options = {
  type: { type: "string" },
  entity: { type: "string" },
  correlation: { type: "string" },
  user: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  limit: { type: "string" },
  after: { type: "string" },
  "to-consumer": { type: "string" },
  archive: { type: "boolean" },
  "dry-run": { type: "boolean" },
  rate: { type: "string" },
  yes: { type: "boolean" },
  ...platformOptions,
} as const;

const everywhere = ["json", "stack", "endpoint", "aws", "help", "about"];
const selecting = ["type", "entity", "correlation", "user", "from", "to", "limit"];
const verbs = {
  list: [...selecting, "after"],
  show: [],
  tree: [],
  replay: [...selecting, "to-consumer", "archive", "dry-run", "rate", "yes"],
} as const satisfies Record<string, readonly string[]>;

export type Verb = keyof typeof verbs;

/** Verbs that are about one event. */
const aboutOne: readonly Verb[] = ["show", "tree"];

export type Given = ReturnType<typeof read>;

const read = (args: string[]) => readArgsAbout(args, options, usage);

const isVerb = (word: string | undefined): word is Verb => word !== undefined && Object.hasOwn(verbs, word);

/** What was asked for; an option that would mean nothing to the verb is refused. */
export const readCommand = (args: string[]): { verb: Verb; id: string; given: Given } | undefined => {
  const given = read(args);
  if (given.help) return undefined;
  const [verb, id, another] = given.about;
  if (!isVerb(verb)) throw new UserError(`Say what to do: ${Object.keys(verbs).join(", ")}.\n\n${usage}`);
  const wantsOne = aboutOne.includes(verb);
  if (another !== undefined || (id !== undefined) !== wantsOne) {
    throw new UserError(wantsOne ? `${verb} needs the id of one event` : `${verb} takes options only, not ${id}`);
  }
  const understood: readonly string[] = [...everywhere, ...verbs[verb]];
  const other = Object.keys(given).find((name) => !understood.includes(name));
  if (other !== undefined) throw new UserError(`--${other} means nothing to ${verb}`);
  return { verb, id: id ?? "", given };
};

export const wholeNumber = (name: string, text: string | undefined, otherwise: number, most: number): number => {
  if (text === undefined) return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw new UserError(`--${name} must be a whole number from 1 to ${most}, not ${text}`);
  return value;
};

const dayOrMoment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

const moment = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const value = dayOrMoment.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(value)) {
    throw new UserError(`--${name} must be a day or a moment, such as 2026-10-29 or 2026-10-29T12:30:00Z, not ${text}`);
  }
  return value;
};

const dayMs = 86_400_000;

/** The selection that was asked for; where nothing says from when on, `fromByDefault` does. */
export const readSelection = (given: Given, now: number, fromByDefault?: number): Selection => {
  const { type, entity, correlation: correlationId, user: userId } = given;
  const inOnePartition = (entity ?? correlationId ?? userId) !== undefined;
  const from = moment("from", given.from) ?? (inOnePartition ? always.from : fromByDefault);
  const to = moment("to", given.to) ?? (inOnePartition ? always.to : now + aheadMs);
  if (from === undefined) throw new UserError("Say which events: --from, --entity, --correlation or --user");
  if (from >= to) throw new UserError("--from must be before --to");
  return {
    ...(type !== undefined && { type }),
    ...(entity !== undefined && { entity }),
    ...(correlationId !== undefined && { correlationId }),
    ...(userId !== undefined && { userId }),
    from,
    to,
  };
};

/** The beginning of the day a week ago: the same all day, so that a cursor stays within. */
export const aWeekAgo = (now: number): number => Math.floor(now / dayMs - 7) * dayMs;
