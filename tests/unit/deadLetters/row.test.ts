import { expect } from "chai";
import { type Letter, readLetter } from "../../../functions/processing/deadLetters/letter";
import { arrived, type DeadLetterRow, hasArrived } from "../../../functions/processing/deadLetters/row";
import { deadRecord, known, refusal } from "./records";

const now = Date.parse("2026-10-29T21:00:00Z");
const minute = 60_000;
const letter = (messageId: string, reason = "is missing"): Letter =>
  readLetter(deadRecord({ messageId, body: "{}", attributes: { ...refusal, reason } }), known, now);
const payload = { body: "{}", attributes: {} };

describe("the row of a dead letter", () => {
  it("counts each time that the letter died, and waits again however it had ended", () => {
    const first = arrived(undefined, letter("m-1"), payload, now);
    expect(first).to.include({ status: "waiting", count: 1, version: 1, redrives: 0 });
    const redriven: DeadLetterRow = {
      ...first,
      status: "redriven",
      redrives: 1,
      ended_at: "2026-10-29T21:01:00.000Z",
      ended_by: "somebody",
      note: "fixed",
      expires_at: 1,
      redrive_owner: "somebody",
      redrive_until: now,
    };
    const again = arrived(redriven, letter("m-2", "is still missing"), payload, now + minute);
    expect(again).to.include({
      status: "waiting",
      count: 2,
      version: 2,
      redrives: 1,
      reason: "is still missing",
      first_seen: "2026-10-29T21:00:00.000Z",
      last_seen: "2026-10-29T21:01:00.000Z",
    });
    expect(again).not.to.have.any.keys("ended_at", "ended_by", "note", "expires_at", "redrive_owner", "redrive_until");
  });

  it("knows an arrival again, and the last ones only", () => {
    let row: DeadLetterRow | undefined;
    expect(hasArrived(row, letter("m-0"))).to.equal(false);
    for (let at = 0; at < 60; at++) row = arrived(row, letter(`m-${at}`), payload, now);
    expect(row?.count).to.equal(60);
    expect(row?.arrivals).to.have.length(50);
    expect(hasArrived(row, letter("m-59"))).to.equal(true);
    expect(hasArrived(row, letter("m-60"))).to.equal(false);
  });
});
