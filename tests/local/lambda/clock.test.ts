import { expect } from "chai";
import { answer, functionMaker } from "./functions";

const day = 86_400_000;

describe("a turned clock", () => {
  const { make, clean } = functionMaker();
  afterEach(clean);

  it("turns every reading of the time, from loading on and with each invocation", async () => {
    let offset = 10 * day;
    const { invoke, lines } = await make(
      `const loaded = Date.now();
       exports.handler = async () => {
         console.log("now");
         return { loaded, times: [Date.now(), new Date().getTime(), Date.parse(Date()), +new Date(Date.now())] };
       };`,
      {},
      { clockOffsetMs: () => offset },
    );
    const first = answer(await invoke());
    expect(first["loaded"]).to.be.closeTo(Date.now() + 10 * day, 5_000);
    offset = -300 * day;
    const { times } = answer(await invoke());
    for (const time of times as number[]) expect(time).to.be.closeTo(Date.now() - 300 * day, 5_000);
    const stamps = lines.flatMap((line) => JSON.parse(line.message).timestamp ?? []).map(Date.parse);
    expect(stamps[0]).to.be.closeTo(Date.now() + 10 * day, 5_000);
    expect(stamps[1]).to.be.closeTo(Date.now() - 300 * day, 5_000);
  });

  it("leaves given dates, their class, and the time that is left alone", async () => {
    const { invoke } = await make(
      `class Moment extends Date { year() { return this.getUTCFullYear(); } }
       exports.handler = async (_event, context) => ({
         given: new Date(2020, 0, 1).toISOString(),
         parsed: new Date("2021-02-03").getTime() === Date.UTC(2021, 1, 3),
         instance: new Date() instanceof Date && new Date().constructor === Date,
         year: new Moment().year() - new Moment("2020-06-01").year(),
         left: context.getRemainingTimeInMillis(),
       });`,
      {},
      { clockOffsetMs: () => 3_650 * day },
    );
    const { left, year, ...rest } = answer(await invoke());
    expect(rest).to.deep.equal({ given: "2020-01-01T00:00:00.000Z", parsed: true, instance: true });
    expect(year).to.be.above(10);
    expect(left).to.be.within(2_000, 3_000);
  });
});
