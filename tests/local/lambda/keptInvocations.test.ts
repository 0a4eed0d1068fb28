import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Journal } from "../../../local/cloud/journal";
import { KeptInvocations, type Owed } from "../../../local/lambda/keptInvocations";

const owed = (requestId: string, payload: Buffer, more: Partial<Owed> = {}): Owed => ({
  requestId,
  functionName: "job",
  payload,
  invoker: "someone",
  traceId: "Root=1-2-3",
  acceptedAt: 1_000,
  runs: 0,
  throttles: 0,
  dueAt: 1_000,
  ...more,
});

describe("the file of asynchronous invocations", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-invocations-"));
    path = join(folder, "invocations.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = () => new KeptInvocations(new Journal(path));

  it("has each as it stands, to the byte", () => {
    const kept = open();
    const bytes = Buffer.from([0x22, 0xff, 0xfe, 0x0a, 0x22]);
    kept.accept(owed("a", bytes));
    kept.postpone(owed("a", bytes, { runs: 1, throttles: 2, dueAt: 61_000 }));
    kept.accept(owed("b", Buffer.alloc(0)));
    kept.end(owed("b", Buffer.alloc(0)));
    kept.accept(owed("c", Buffer.from("{}"), { functionName: "other", traceId: undefined }));
    for (const again of [open(), open()]) {
      expect(again.takeLeft("job")).to.deep.equal([owed("a", bytes, { runs: 1, throttles: 2, dueAt: 61_000 })]);
      expect(again.takeLeft("job")).to.deep.equal([]);
      const [other] = again.takeLeft("other");
      expect(other).to.include({ requestId: "c" }).and.not.have.property("traceId", "Root=1-2-3");
    }
  });

  it("stays short, however many were done with", () => {
    const kept = open();
    const large = Buffer.alloc(1_000_000, "a");
    kept.accept(owed("left", large));
    for (let at = 0; at < 60; at++) {
      kept.accept(owed(String(at), large));
      kept.end(owed(String(at), large));
    }
    expect(statSync(path).size).to.be.lessThan(36_000_000);
    const left = open().takeLeft("job");
    expect(left.map(({ requestId }) => requestId)).to.deep.equal(["left"]);
    expect(statSync(path).size).to.be.lessThan(2_000_000);
  });
});
