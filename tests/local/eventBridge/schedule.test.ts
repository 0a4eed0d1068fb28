import { expect } from "chai";
import fc from "fast-check";
import { parseSchedule } from "../../../local/eventBridge/schedule";

const minute = 60_000;
const at = (text: string): number => Date.parse(`${text.includes("T") ? text : `${text}T00:00`}Z`);
const shown = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);

const nextTimes = (expression: string, after: string, count = 1): (string | undefined)[] => {
  const schedule = parseSchedule(expression);
  const times: (string | undefined)[] = [];
  let last: number | undefined = at(after);
  for (let index = 0; index < count && last !== undefined; index++) {
    last = schedule.next(last);
    times.push(shown(last));
  }
  return times;
};

describe("rate", () => {
  const created = at("2026-01-01T00:00:30");

  it("counts from its creation", () => {
    const schedule = parseSchedule("rate(5 minutes)", created);
    expect(schedule.next(created)).to.equal(created + 5 * minute);
    expect(schedule.next(created + 5 * minute - 1)).to.equal(created + 5 * minute);
    expect(schedule.next(created + 5 * minute)).to.equal(created + 10 * minute);
    expect(schedule.next(created - 60 * minute)).to.equal(created + 5 * minute);
  });

  it("knows minutes, hours and days, singular only with 1", () => {
    const periods: [string, number][] = [
      ["rate(1 minute)", 1],
      ["rate(90 minutes)", 90],
      ["rate(1 hour)", 60],
      ["rate(2 hours)", 120],
      ["rate(1 day)", 1440],
      ["rate(7 days)", 7 * 1440],
    ];
    for (const [expression, minutes] of periods) {
      expect(parseSchedule(expression, created).next(created), expression).to.equal(created + minutes * minute);
    }
  });

  it("runs from the epoch when it is not told its creation", () => {
    expect(parseSchedule("rate(1 day)").next(at("2026-01-01T13:00"))).to.equal(at("2026-01-02"));
  });
});

describe("cron", () => {
  const cases: [string, string, (string | undefined)[]][] = [
    ["cron(0 4 * * ? *)", "2026-03-01T04:00", ["2026-03-02T04:00"]],
    ["cron(0 4 * * ? *)", "2026-03-01T03:59:59.999", ["2026-03-01T04:00"]],
    ["cron(0 4 * * ? *)", "2026-03-01T04:00:30", ["2026-03-02T04:00"]],
    ["cron(0 10 * * ? *)", "2026-12-31T10:00", ["2027-01-01T10:00"]],
    ["cron(15 12 * * ? *)", "2026-02-28T12:15", ["2026-03-01T12:15"]],
    // 2026-03-06 is a Friday.
    ["cron(0 18 ? * MON-FRI *)", "2026-03-06T17:00", ["2026-03-06T18:00", "2026-03-09T18:00"]],
    ["cron(0 8 1 * ? *)", "2026-03-01T08:00", ["2026-04-01T08:00"]],
    ["cron(0/15 * * * ? *)", "2026-03-01T23:40", ["2026-03-01T23:45", "2026-03-02T00:00"]],
    [
      "cron(*/20 5 * * ? *)",
      "2026-03-01",
      ["2026-03-01T05:00", "2026-03-01T05:20", "2026-03-01T05:40", "2026-03-02T05:00"],
    ],
    ["cron(5/25 0 * * ? *)", "2026-03-01", ["2026-03-01T00:05", "2026-03-01T00:30", "2026-03-01T00:55"]],
    [
      "cron(10-20/5 0 * * ? *)",
      "2026-03-01",
      ["2026-03-01T00:10", "2026-03-01T00:15", "2026-03-01T00:20", "2026-03-02T00:10"],
    ],
    ["cron(0/5 8-17 ? * mon-fri *)", "2026-03-06T17:50", ["2026-03-06T17:55", "2026-03-09T08:00"]],
    ["cron(30,0,30 1,0 * * ? *)", "2026-03-01", ["2026-03-01T00:30", "2026-03-01T01:00", "2026-03-01T01:30"]],
    [
      "cron(0 0 1 JAN,jul,10-11 ? *)",
      "2026-01-01",
      ["2026-07-01T00:00", "2026-10-01T00:00", "2026-11-01T00:00", "2027-01-01T00:00"],
    ],
    [
      "cron(0 0 1/10 2 ? *)",
      "2026-01-01",
      ["2026-02-01T00:00", "2026-02-11T00:00", "2026-02-21T00:00", "2027-02-01T00:00"],
    ],
    ["cron(0 0 ? * 1,7 *)", "2026-03-02", ["2026-03-07T00:00", "2026-03-08T00:00", "2026-03-14T00:00"]],
    ["cron(0 0 ? * * *)", "2026-03-02", ["2026-03-03T00:00"]],
    ["cron(0 0 31 * ? *)", "2026-03-31", ["2026-05-31T00:00", "2026-07-31T00:00", "2026-08-31T00:00"]],
    ["cron(0 0 29 2 ? *)", "2024-02-29", ["2028-02-29T00:00", "2032-02-29T00:00"]],
    ["cron(0 0 29 2 ? *)", "2096-02-29", ["2104-02-29T00:00"]],
    ["cron(0 0 29 2 ? 2000-2100/100)", "1999-01-01", ["2000-02-29T00:00", undefined]],
    ["cron(0 0 30 2 ? *)", "2026-01-01", [undefined]],
    ["cron(0 0 L * ? *)", "2024-02-01", ["2024-02-29T00:00", "2024-03-31T00:00", "2024-04-30T00:00"]],
    ["cron(0 0 L 2 ? *)", "2025-01-01", ["2025-02-28T00:00"]],
    // 2026-02-15 and 2026-03-15 are Sundays, 2026-08-15 is a Saturday, 2026-04-15 a Wednesday.
    ["cron(0 0 15W * ? *)", "2026-02-01", ["2026-02-16T00:00", "2026-03-16T00:00", "2026-04-15T00:00"]],
    ["cron(0 0 15W 8 ? *)", "2026-08-01", ["2026-08-14T00:00"]],
    // 2026-08-01 is a Saturday, 2026-02-01 a Sunday: the first weekday stays in its month.
    ["cron(0 0 1W 8 ? *)", "2026-07-01", ["2026-08-03T00:00"]],
    ["cron(0 0 1w 2 ? *)", "2026-01-01", ["2026-02-02T00:00"]],
    // 2026-05-31 is a Sunday, 2026-10-31 a Saturday; April has no 31st.
    [
      "cron(0 0 31W 4-10 ? *)",
      "2026-04-01",
      ["2026-05-29T00:00", "2026-07-31T00:00", "2026-08-31T00:00", "2026-10-30T00:00"],
    ],
    ["cron(0 0 LW * ? *)", "2026-05-01", ["2026-05-29T00:00", "2026-06-30T00:00"]],
    ["cron(0 0 LW 2 ? *)", "2026-01-01", ["2026-02-27T00:00"]],
    // Fridays of March 2026: 6, 13, 20, 27; of May: 1, 8, 15, 22, 29.
    ["cron(0 0 ? * 6#3 *)", "2026-03-01", ["2026-03-20T00:00", "2026-04-17T00:00"]],
    ["cron(0 0 ? * FRI#5 *)", "2026-03-01", ["2026-05-29T00:00", "2026-07-31T00:00"]],
    ["cron(0 0 ? * 6L *)", "2026-03-01", ["2026-03-27T00:00", "2026-04-24T00:00"]],
    ["cron(0 0 ? * friL *)", "2026-05-01", ["2026-05-29T00:00"]],
    ["cron(0 0 ? * L *)", "2026-03-01", ["2026-03-07T00:00", "2026-03-14T00:00"]],
    ["cron(0 0 1 1 ? 2030,2028)", "2026-03-01", ["2028-01-01T00:00", "2030-01-01T00:00", undefined]],
    ["cron(59 23 31 12 ? *)", "2199-12-31T23:58", ["2199-12-31T23:59", undefined]],
    ["cron(0 0 1 1 ? *)", "1960-06-01", ["1970-01-01T00:00", "1971-01-01T00:00"]],
    ["cron(  0   4 * * ? * )", "2026-03-01", ["2026-03-01T04:00"]],
  ];
  for (const [expression, after, expected] of cases) {
    it(`${expression} after ${after}`, () => {
      expect(nextTimes(expression, after, expected.length)).to.deep.equal(expected);
    });
  }

  it("agrees with a look at every minute", () => {
    const list = (min: number, max: number) =>
      fc.oneof(
        fc.constant({ text: "*", has: () => true }),
        fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((values) => ({
          text: values.join(","),
          has: (value: number) => values.includes(value),
        })),
        fc.tuple(fc.integer({ min, max }), fc.integer({ min: 1, max: Math.min(max, 7) })).map(([from, step]) => ({
          text: `${from}/${step}`,
          has: (value: number) => value >= from && (value - from) % step === 0,
        })),
      );
    const weekday = fc.constantFrom(
      { text: "MON-FRI", has: (day: number) => day >= 2 && day <= 6 },
      { text: "1", has: (day: number) => day === 1 },
      { text: "TUE,SAT", has: (day: number) => day === 3 || day === 7 },
    );
    const day = fc.oneof(
      list(1, 31).map((one) => ({ text: `${one.text} * ?`, has: (date: Date) => one.has(date.getUTCDate()) })),
      weekday.map((one) => ({ text: `? * ${one.text}`, has: (date: Date) => one.has(date.getUTCDay() + 1) })),
    );
    const span = 4 * 1440;
    const start = fc.integer({ min: at("1999-01-01"), max: at("2101-01-01") });
    fc.assert(
      fc.property(list(0, 59), list(0, 23), day, start, (minutes, hours, days, after) => {
        const next = parseSchedule(`cron(${minutes.text} ${hours.text} ${days.text} *)`).next(after);
        let expected: number | undefined;
        const first = Math.floor(after / minute) + 1;
        for (let tick = first; tick < first + span && expected === undefined; tick++) {
          const date = new Date(tick * minute);
          if (minutes.has(date.getUTCMinutes()) && hours.has(date.getUTCHours()) && days.has(date)) {
            expected = tick * minute;
          }
        }
        if (expected !== undefined) expect(next).to.equal(expected);
        else if (next !== undefined) expect(next).to.be.at.least((first + span) * minute);
      }),
      { numRuns: 300 },
    );
  });
});

describe("invalid schedule expression", () => {
  const refusals: [string, string][] = [
    ["every day", "every day is neither rate(value unit) nor cron(six fields)"],
    ["rate(0 minutes)", "A rate must be at least 1"],
    ["rate(1 minutes)", "1 goes with minute, not with minutes"],
    ["rate(5 minute)", "5 goes with minutes, not with minute"],
    ["rate(-5 minutes)", "rate(-5 minutes) is neither rate(value unit) nor cron(six fields)"],
    ["rate(5 seconds)", "rate(5 seconds) is neither rate(value unit) nor cron(six fields)"],
    ["rate(99999999999999999999 days)", "A rate of 99999999999999999999 days is too long"],
    ["cron(0 4 * * ?)", "A cron expression has six fields, not 5"],
    ["cron(0 0 4 * * ? *)", "A cron expression has six fields, not 7"],
    ["cron(0 4 * * * *)", "Exactly one of day-of-month and day-of-week must be ?"],
    ["cron(0 4 ? * ? *)", "Exactly one of day-of-month and day-of-week must be ?"],
    ["cron(60 4 * * ? *)", "The minutes field goes from 0 to 59, not to 60"],
    ["cron(0 24 * * ? *)", "The hours field goes from 0 to 23, not to 24"],
    ["cron(0 4 0 * ? *)", "The day-of-month field goes from 1 to 31, not to 0"],
    ["cron(0 4 * 13 ? *)", "The month field goes from 1 to 12, not to 13"],
    ["cron(0 4 ? * 0 *)", "The day-of-week field goes from 1 to 7, not to 0"],
    ["cron(0 4 * * ? 1969)", "The year field goes from 1970 to 2199, not to 1969"],
    ["cron(0 4 * * ? 2200)", "The year field goes from 1970 to 2199, not to 2200"],
    ["cron(? 4 * * ? *)", "The minutes field does not know ?"],
    ["cron(x 4 * * ? *)", "The minutes field does not know x"],
    ["cron(1,,2 4 * * ? *)", "The minutes field does not know an empty value"],
    ["cron(0 4 * FOO ? *)", "The month field does not know FOO"],
    ["cron(20-10 4 * * ? *)", "The minutes field has the range 20-10, which runs backwards"],
    ["cron(1-2-3 4 * * ? *)", "The minutes field has 1-2-3"],
    ["cron(0/5/5 4 * * ? *)", "The minutes field has 0/5/5"],
    ["cron(0/0 4 * * ? *)", "The minutes field has a step of 0"],
    ["cron(0/60 4 * * ? *)", "The minutes field has a step of 60"],
    ["cron(0/x 4 * * ? *)", "The minutes field has a step of x"],
    ["cron(0 4 ? * 2/2 *)", "The day-of-week field takes no step"],
    ["cron(0 4 ? * 6#6 *)", "The day-of-week field has 6#6; after # comes one number from 1 to 5"],
    ["cron(0 4 ? * 3#1,6#3 *)", "The day-of-week field has 3#1,6#3; after # comes one number from 1 to 5"],
    ["cron(0 4 L-3 * ? *)", "The day-of-month field does not know L"],
    ["cron(0 4 1,L * ? *)", "The day-of-month field does not know L"],
    ["cron(0 4 1,15W * ? *)", "The day-of-month field does not know 1,15"],
    ["cron(0 4 ? * 2,6L *)", "The day-of-week field does not know 2,6"],
  ];
  for (const [expression, reason] of refusals) {
    it(`${expression}: ${reason}`, () => {
      expect(() => parseSchedule(expression))
        .to.throw(Error)
        .with.property("message", `Parameter ScheduleExpression is not valid. ${reason}.`);
    });
  }

  it("is a ValidationException, also when it is too long", () => {
    expect(() => parseSchedule(`cron(${"0,".repeat(130)}0 4 * * ? *)`))
      .to.throw("It is longer than 256 characters")
      .with.property("code", "ValidationException");
  });
});
