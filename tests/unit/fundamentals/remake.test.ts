import { expect } from "chai";
import { changesOf, type Head } from "../../../functions/processing/fundamentals/changes";
import { type Reread, remake } from "../../../functions/processing/fundamentals/remake";

const day = 86_400_000;
const start = Date.parse("2026-11-20T06:00:00Z");

const overview = (dayReceived: number, fiscalDate: string, eps: number): Reread => ({
  rawKey: `raw-${dayReceived}`,
  receivedAt: start + dayReceived * day,
  normalised: {
    symbol: "AAPL",
    reports: [{ period: "latest", fiscalDate, figures: { EPS: eps }, texts: {} }],
    refused: [],
  },
});
const first = overview(0, "2026-06-30", 1);
const wrong = overview(1, "2062-06-30", 2);
const right = overview(2, "2026-06-30", 3);

const headOf = ({ normalised, receivedAt, rawKey }: Reread): Head => {
  const changes = changesOf(undefined, normalised, { assetId: "AAPL", receivedAt, rawKey });
  if (!changes) throw new Error("nothing is known that could be younger");
  return changes.head;
};
const anew = (known: Head | undefined, ...answers: Reread[]) => remake(known, "AAPL", answers, start + 9 * day);

describe("what is made of kept overviews", () => {
  it("is the newest, whatever quarter an older one names", () => {
    const remade = anew(undefined, first, wrong, right);
    expect(remade).to.include({ added: 1, older: 1 });
    expect(Object.keys(remade.head?.current ?? {})).to.deep.equal(["LATEST#2026-06-30"]);
    expect(remade.rows.map(({ figures }) => figures)).to.deep.equal([{ EPS: 3 }]);
  });

  it("replaces what counted although it was older, and the second time changes nothing", () => {
    const both = { ...headOf(right), current: { ...headOf(wrong).current, ...headOf(right).current } };
    const remade = anew(both, first, wrong, right);
    expect(remade).to.include({ unchanged: 1, older: 1 });
    expect(remade.head?.current).to.deep.equal(headOf(right).current);
    expect(remade.head).to.include({ source_time: right.receivedAt, raw_key: right.rawKey });
    expect(anew(remade.head, first, wrong, right).head).to.equal(undefined);
  });

  it("is nothing where what is known is from an answer that is younger than all of them", () => {
    expect(anew(headOf(right), first, wrong)).to.deep.include({ head: undefined, rows: [], older: 2 });
  });
});
