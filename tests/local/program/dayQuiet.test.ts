import { expect } from "chai";
import { dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { type Book, eventsOf, logOf, rawAnswer, readBook } from "./book";
import { judge, ledgerOf, paidCalls } from "./judges";
import { hour, type Shared, sharedCloud } from "./shared";

describe("a quiet day", function () {
  this.timeout(60_000);
  let shared: Shared;
  let book: Book;
  before(async () => {
    shared = await sharedCloud();
    await shared.newDay();
    await shared.turnTo(7.1);
    await shared.up.settle();
    book = await readBook(shared);
  });

  it("x", async () => {
    console.log(shared.calls().length, book.states.length, book.jobs.length, book.letters, book.left, ledgerOf(book));
    await judge(shared, book);
    console.log(
      eventsOf(book, "earningsProcessed").length,
      hour,
      dataTypes.length,
      paidCalls(shared.calls()).length,
      (await logOf(shared, "ingestion")).length,
      (await rawAnswer(shared, book.heads[0]?.raw_key ?? "")).length,
    );
  });
});
