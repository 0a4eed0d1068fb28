import { expect } from "chai";
import { listed, shown } from "../../../commands/dlq/print";
import { listLines, treeLines } from "../../../commands/events/print";
import { eventStep } from "../../../commands/trace/events";
import { traceLines } from "../../../commands/trace/print";
import { visible, visibleJson, visibleLines } from "../../../commands/visible";
import type { DeadLetterRow } from "../../../functions/processing/deadLetters/row";
import type { StoredEvent } from "../../../functions/processing/eventStore/storedEvent";
import { grow } from "../../../functions/processing/eventStore/tree";

/** Writes the clipboard, clears the screen, begins the line anew, rings, and turns what follows around. */
const evil = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\r\u202e\x9b0m\u2028\nforged";
const seen = "\\x1b]52;c;ZXZpbA==\\x07\\x1b[2J\\x0d\\u{202e}\\x9b0m\\u{2028}\\x0aforged";

const event: StoredEvent = {
  event_id: `id${evil}`,
  event_type: `type${evil}`,
  source: `source${evil}`,
  correlation_id: `story${evil}`,
  causation_id: `cause${evil}`,
  user_id: `user${evil}`,
  entity: `entity${evil}`,
  occurred_at: "2026-10-26T12:00:00.000Z",
  status: "published",
};

const row: DeadLetterRow = {
  letter_id: "letter",
  origin: "ingestion",
  origin_queue: "arn:aws:sqs:us-east-1:123456789012:ingestion-dlq",
  source: "arn:aws:sqs:us-east-1:123456789012:ingestion",
  status: "waiting",
  category: "validation",
  reason: `why${evil}`,
  event_id: `id${evil}`,
  event_type: `type${evil}`,
  correlation_id: `story${evil}`,
  bytes: 3,
  receive_count: 1,
  sent_at: "2026-10-26T12:00:00.000Z",
  failed_at: "2026-10-26T12:00:00.000Z",
  first_seen: "2026-10-26T12:00:00.000Z",
  last_seen: "2026-10-26T12:00:00.000Z",
  count: 1,
  arrivals: [],
  version: 1,
  redrives: 0,
  body: "",
  attributes: {},
};

describe("what others wrote, on the terminal", () => {
  const harmless = (text: string): void => {
    expect(text).not.to.match(/[\p{Cf}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/u);
  };

  it("does nothing to it, and can be seen", () => {
    expect(visible(evil)).to.equal(seen);
    expect(visible("Zürich, 東京 – 5 %\ta\nb")).to.equal("Zürich, 東京 – 5 %\\x09a\\x0ab");
    expect(visible("\u{e0041}")).to.equal("\\u{e0041}");
    expect(visibleLines("a\r\n\tb\x1b[2J")).to.equal("a\\x0d\n\tb\\x1b[2J");
  });

  it("does nothing to it as JSON, from which machines read the same", () => {
    const value = { [evil]: [evil, "\u{e0041}", "Zürich, 東京"], nothing: null };
    const text = visibleJson(value);
    harmless(text);
    expect(JSON.parse(text)).to.deep.equal(value);
    expect(text).to.include('"Zürich, 東京"').and.include("\n  ");
  });

  it("is shown so of events, alone, in trees and in stories, each on its one line", () => {
    const [line = "", ...more] = listLines([event]);
    expect(more).to.deep.equal([]);
    for (const name of ["id", "type", "entity", "by user"]) expect(line).to.include(`${name}${seen}`);
    const drawn = treeLines(grow([event]));
    expect(drawn).to.have.length(2);
    expect(drawn[0]).to.include(`cause${seen}`);
    expect(drawn[1]).to.include(`type${seen}`).and.include(`id${seen}`);
    const story = traceLines([eventStep(event)]);
    expect(story.at(-1)).to.include(`source${seen}`);
    for (const one of [line, ...drawn, ...story]) {
      harmless(one);
      expect(one).not.to.include("\n");
    }
  });

  it("is shown so of dead letters, whose bodies keep their lines", () => {
    const list = listed([row]);
    harmless(list);
    expect(list.split("\n")).to.have.length(3);
    const letter = shown(row, `{ broken${evil}`, {
      [`name${evil}`]: { type: "String", text: "1" },
    });
    harmless(letter);
    for (const name of ["why", "id", "type", "story", "name"]) expect(letter).to.include(`${name}${seen}`);
    expect(letter.split("\n").slice(-2)).to.deep.equal([`{ broken${seen.replace("\\x0aforged", "")}`, "forged"]);
    // JSON keeps these as they are.
    expect(shown(row, JSON.stringify({ name: "a\x9b\u202e" }), {})).to.include('"a\\x9b\\u{202e}"');
  });
});
