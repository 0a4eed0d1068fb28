import { expect } from "chai";
import { isFree, jobIdParts, newJob } from "../../../functions/processing/work/job";

const now = Date.parse("2026-11-20T06:00:00Z");
const asked = (assetId: string, priority: "high" | "medium" | "low") => ({
  queue: "ingestion",
  assetId,
  task: "earnings",
  priority,
  eventId: "event-1",
  correlationId: "story-1",
});

describe("a job", () => {
  it("stands before every less urgent one, however long those have waited", () => {
    const low = Array.from({ length: 100 }, (_, at) => newJob(asked(`LOW${at}`, "low"), now + at));
    const high = newJob(asked("LATE", "high"), now + 3_600_000);
    const [first] = [...low, high].sort((a, b) => ((a.position ?? "") < (b.position ?? "") ? -1 : 1));
    expect(first?.asset_id).to.equal("ASSET#LATE");
  });

  it("stands behind an older one of its urgency", () => {
    const older = newJob(asked("ZZZ", "medium"), now);
    const younger = newJob(asked("AAA", "medium"), now + 1);
    expect((older.position ?? "") < (younger.position ?? "")).to.equal(true);
  });

  it("may be taken when its moment has come, or its taker is overdue", () => {
    const job = newJob(asked("AAPL", "high"), now);
    expect(isFree(job, now)).to.equal(true);
    expect(isFree({ ...job, not_before: now + 1 }, now)).to.equal(false);
    expect(isFree({ ...job, not_before: now }, now)).to.equal(true);
    expect(isFree({ ...job, status: "started", lease_until: now + 1 }, now)).to.equal(false);
    expect(isFree({ ...job, status: "started", lease_until: now }, now)).to.equal(true);
    expect(isFree({ ...job, status: "done" }, now)).to.equal(false);
    expect(isFree({ ...job, status: "dead" }, now)).to.equal(false);
  });

  it("is named by what it is for", () => {
    const job = newJob(asked("BRK.B", "high"), now);
    expect(job.job_id).to.equal("ingestion#BRK.B#earnings");
    expect(jobIdParts(job)).to.deep.equal({ queue: "ingestion", assetId: "BRK.B", task: "earnings" });
  });
});
