import { expect } from "chai";
import fc from "fast-check";
import { readDate } from "../../../functions/processing/statements/date";
import type { DateOrder } from "../../../functions/processing/statements/statement";

describe("a date", () => {
  for (const [text, order, day] of [
    ["2024-01-31", "YMD", "2024-01-31"],
    ["2024/1/5", "YMD", "2024-01-05"],
    ["2024. 01. 05.", "YMD", "2024-01-05"],
    ["20240105", "YMD", "2024-01-05"],
    ["05012024", "DMY", "2024-01-05"],
    ["31.01.2024", "DMY", "2024-01-31"],
    ["31.1.24", "DMY", "2024-01-31"],
    ["31/12/69", "DMY", "2069-12-31"],
    ["31/12/70", "DMY", "1970-12-31"],
    ["1-31-2024", "MDY", "2024-01-31"],
    ["2024-01-05T10:11:12.5Z", "YMD", "2024-01-05"],
    ["2024-01-05 10:11:12 +02:00", "YMD", "2024-01-05"],
    ["01/31/2024 5:06 PM", "MDY", "2024-01-31"],
    ["Fri 05/01/2024", "DMY", "2024-01-05"],
    ["5 Jan 2024", "MDY", "2024-01-05"],
    ["5th January, 2024", "DMY", "2024-01-05"],
    ["January 5, 2024", "DMY", "2024-01-05"],
    ["Jan-05-24", "DMY", "2024-01-05"],
    ["05-JAN-24", "DMY", "2024-01-05"],
    ["2024-Jan-05", "DMY", "2024-01-05"],
    ["3. März 2024", "DMY", "2024-03-03"],
    ["3 août 2024", "DMY", "2024-08-03"],
    ["3 juil. 2024", "DMY", "2024-07-03"],
    ["3 de enero de 2024", "DMY", "2024-01-03"],
    ["3 gennaio 2024", "DMY", "2024-01-03"],
    ["3 mei 2024", "DMY", "2024-05-03"],
    ["29.02.2024", "DMY", "2024-02-29"],
  ] as const) {
    it(`written as ${text}`, () => {
      expect(readDate(text)?.days[order]).to.equal(day);
    });
  }

  for (const text of [
    "",
    "Total",
    "29.02.2023",
    "2024-13-01",
    "00/00/2024",
    "3 jui 2024",
    "3 xyz 2024",
    "1234",
    "01/2024",
    "2024-01-05x",
    "1.5.1850",
    "1/2/3",
    "9".repeat(50),
  ]) {
    it(`is not ${text.slice(0, 12) || "nothing"}`, () => {
      expect(readDate(text)).to.equal(undefined);
    });
  }

  it("is read as it was written, in every order", () => {
    const day = fc.integer({ min: Date.parse("1970-01-01"), max: Date.parse("2069-12-31") });
    const order = fc.constantFrom<DateOrder>("DMY", "MDY", "YMD");
    fc.assert(
      fc.property(day, order, fc.constantFrom("/", ".", "-", " "), fc.boolean(), (moment, way, separator, short) => {
        const iso = new Date(moment).toISOString().slice(0, 10);
        const [year = "", month, dayOfMonth] = iso.split("-");
        const parts = { Y: short ? year.slice(2) : year, M: month, D: dayOfMonth };
        const text = [...way].map((letter) => parts[letter as "Y"]).join(separator);
        expect(readDate(text)?.days[way]).to.equal(iso);
      }),
    );
  });
});
