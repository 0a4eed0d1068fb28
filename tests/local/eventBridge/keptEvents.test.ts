import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Journal } from "../../../local/cloud/journal";
import { Archive } from "../../../local/eventBridge/archive";
import type { BusEvent } from "../../../local/eventBridge/bus";
import { KeptEvents } from "../../../local/eventBridge/keptEvents";

const dayMs = 86_400_000;

const eventOf = (id: string): BusEvent => ({
  version: "0",
  id,
  "detail-type": "happened",
  source: "test",
  account: "123456789012",
  time: "2026-01-01T00:00:00Z",
  region: "us-east-1",
  resources: [],
  detail: { text: "x".repeat(100) },
});

describe("the file that keeps events", () => {
  let folder: string;
  let path: string;
  let ids: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-events-"));
    path = join(folder, "events.jsonl");
    ids = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = () => new KeptEvents(() => String(++ids), new Journal(path), 20_000);
  const archiveIn = (kept: KeptEvents, retentionDays?: number) =>
    new Archive(
      {
        name: "past",
        arn: "arn",
        source: "bus",
        description: undefined,
        pattern: undefined,
        retentionDays,
        createdAt: 0,
      },
      kept,
    );

  it("do not make the file longer and longer: what ended is left out, what is owed and archived stays", () => {
    const kept = open();
    const archive = archiveIn(kept);
    archive.keep(eventOf("archived"), 1);
    kept.accept("rule", "target", eventOf("owed"), 1);
    let longest = 0;
    for (let at = 0; at < 500; at++) {
      kept.end(kept.accept("rule", "target", eventOf(`ended-${at}`), 1));
      longest = Math.max(longest, statSync(path).size);
    }
    kept.close();
    expect(longest).to.be.within(15_000, 25_000);
    const again = open();
    expect(again.takeLeft("rule", "target").map(({ event }) => event.id)).to.deep.equal(["owed"]);
    expect(
      archiveIn(again)
        .events(2)
        .map(({ id }) => id),
    ).to.deep.equal(["archived"]);
    again.close();
  });

  it("stay while their archive is not declared yet, and go with its retention", () => {
    const kept = open();
    const archive = archiveIn(kept, 1);
    archive.keep(eventOf("old"), 1);
    archive.keep(eventOf("new"), 2 * dayMs);
    kept.close();
    open().close();
    const again = open();
    const restored = archiveIn(again, 1);
    expect(restored.events(2 * dayMs).map(({ id }) => id)).to.deep.equal(["new"]);
    restored.clear();
    again.clear();
    again.close();
    expect(statSync(path).size).to.equal(0);
  });
});
