import { readPage } from "../../functions/processing/eventStore/page";
import { readEvent, withDetail } from "../../functions/processing/eventStore/read";
import { readStory } from "../../functions/processing/eventStore/story";
import { grow } from "../../functions/processing/eventStore/tree";
import { Failure } from "../../functions/processing/failure";
import { processRuntime, type Runtime } from "../../functions/processing/runtime";
import { UserError } from "../../local/engine/stackFile";
import { visibleJson, visibleLines } from "../visible";
import { archiveLines, replayFromArchive } from "./archive";
import { aWeekAgo, type Given, readCommand, readSelection, usage, type Verb, wholeNumber } from "./options";
import { type EventPlatform, openEvents } from "./platform";
import { listLines, readable, readableBranch, treeLines } from "./print";
import { replayFromStore, reportLines } from "./replay";

/** A tree of more events would help nobody. */
const largestTree = 1_000;

interface Result {
  json: unknown;
  lines: readonly string[];
  /** Not all that was asked for could be done. @default false */
  failed?: boolean;
}

interface Asked {
  platform: EventPlatform;
  given: Given;
  /** Of the event that the verb is about. */
  id: string;
  /** Told how far long work is. */
  tell: (progress: string) => void;
  runtime: Runtime;
}

const noSuch = (id: string) => new UserError(`There is no event ${id} in the store`);

const list = async ({ platform: { store }, given, runtime }: Asked): Promise<Result> => {
  const now = runtime.now();
  const selection = readSelection(given, now, aWeekAgo(now));
  const limit = wholeNumber("limit", given.limit, 50, 1_000);
  const page = await readPage(store, selection, { limit, newestFirst: true, after: given.after }).catch(
    (error: unknown) => {
      throw error instanceof Failure && error.field === "cursor" ? new UserError(`--after: ${error.message}`) : error;
    },
  );
  return {
    json: { ...page, events: page.events.map(readable) },
    lines: [
      ...(page.events.length > 0 ? listLines(page.events) : ["no such events"]),
      ...(page.next === undefined ? [] : ["", `more: --after ${page.next}`]),
    ],
  };
};

const show = async ({ platform: { store }, id }: Asked): Promise<Result> => {
  const event = await readEvent(store, id);
  if (!event) throw noSuch(id);
  const json = readable(await withDetail(store, event));
  return { json, lines: [visibleLines(JSON.stringify(json, undefined, 2))] };
};

const tree = async ({ platform: { store }, id }: Asked): Promise<Result> => {
  const story = await readStory(store, id, largestTree);
  if (!story) throw noSuch(id);
  const branches = grow(story.events);
  return {
    json: { branches: branches.map(readableBranch), cut: story.cut },
    lines: [...treeLines(branches, id), ...(story.cut ? [`and more: only ${largestTree} events were read`] : [])],
  };
};

const replay = async ({ platform, given, tell, runtime }: Asked): Promise<Result> => {
  if (given.archive) {
    const report = await replayFromArchive(platform, given, tell, runtime);
    return { json: report, lines: archiveLines(report), failed: report.state !== "COMPLETED" && !given["dry-run"] };
  }
  const report = await replayFromStore(platform, given, (done, of) => tell(`${done} of ${of}`), runtime);
  return { json: report, lines: reportLines(report), failed: report.refused.length > 0 };
};

const work: Record<Verb, (asked: Asked) => Promise<Result>> = { list, show, tree, replay };

export interface Told {
  text: string;
  /** Of the process. */
  status: number;
}

/** Does what the arguments say. What the user can do something about is thrown as a UserError. */
export const runEvents = async (
  args: string[],
  tell: (progress: string) => void,
  outside: Omit<Runtime, "now"> = processRuntime,
): Promise<Told> => {
  const asked = readCommand(args);
  if (!asked) return { text: usage, status: 0 };
  const { verb, id, given } = asked;
  const platform = await openEvents(given.aws ? undefined : given.endpoint, given.stack);
  const runtime = { ...outside, now: platform.now };
  const { json, lines, failed } = await work[verb]({ platform, given, id, tell, runtime }).catch((error: unknown) => {
    throw error instanceof Error && "$fault" in error ? new UserError(`${error.name}: ${error.message}`) : error;
  });
  return { text: given.json ? visibleJson(json) : lines.join("\n"), status: failed ? 1 : 0 };
};
