import { universe } from "../../../../local/market/universe";
import { type AlarmWorld, many } from "./world";

/** Events that cannot be handled, and what is left of them. */
export const alarmsOfEvents = (world: AlarmWorld): void => {
  const { pass, expectRaised, expectOver, expectNamed, during, without, fire, tell, want, forget } = world;

  it("events that mean nothing, and letters that nobody drains, then nobody decides on", async () => {
    await world.shared().consume("dlq-processor", false);
    const mark = "mark-earnings-processed";
    await tell(
      "earningsProcessed",
      many.map((at) => ({ eventId: `bad-${at}`, odd: at })),
    );
    await world.shared().up.idle();
    await pass(5);
    await tell(
      "earningsProcessed",
      many.map((at) => ({ eventId: `worse-${at}`, odd: at })),
    );
    await world.shared().up.idle();
    const ofEvents = {
      failures: `${mark}-failures`,
      "error-category": `${mark}-error-category`,
      "dead-letter-rate": `${mark}-dead-letter-rate`,
      validation: `${mark}-validation`,
    };
    await expectRaised({ ...ofEvents, "dead-letters": `${mark}-dead-letters` });
    for (const kind of ["failures", "error-category", "validation"] as const) {
      await expectNamed(kind, ofEvents[kind], "validation", "detail.assetId is missing");
    }
    await world.shared().consume("dlq-processor", true);
    await world.shared().up.idle();
    await fire("dead-letter-watch");
    await expectRaised({ "letters-waiting": "dead-letters-waiting" });
    await expectNamed("letters-waiting", "dead-letters-waiting", mark, "detail.assetId is missing");
    await expectNamed("dead-letter-rate", ofEvents["dead-letter-rate"], mark, "detail.assetId is missing");
    await forget();
    await pass(5);
    await fire("dead-letter-watch");
    await expectOver({
      ...ofEvents,
      "dead-letters": `${mark}-dead-letters`,
      "letters-waiting": "dead-letters-waiting",
    });
  });

  it("a table that throttles, and one that fails", async () => {
    const symbols = universe.slice(0, 52).map(({ symbol }) => symbol);
    await during([{ kind: "throttle", service: "dynamodb", caller: "mark-earnings-processed", probability: 0.7 }], () =>
      tell(
        "earningsProcessed",
        many.map((at) => ({ eventId: `e-${at}`, assetId: "AAPL", earningsDate: "2026-01-02" })),
      ).then(() => world.shared().up.idle()),
    );
    await without({ pollination: "dynamodb:PutItem", "dlq-processor": "dynamodb:*" }, async () => {
      await want(symbols);
      await tell("earningsProcessed", [{ eventId: "lonely" }]);
      await world.shared().up.idle();
      await expectRaised({
        retries: "mark-earnings-processed-retries",
        "state-errors": "pollination-state",
        "letters-failures": "dlq-processor-failures",
      });
      await expectNamed("retries", "mark-earnings-processed-retries", "throttled", "Rate exceeded");
      await expectNamed("state-errors", "pollination-state", "denied", "dynamodb:PutItem", ":table/");
      await expectNamed("letters-failures", "dlq-processor-failures", "denied", "dynamodb:", ":table/");
    });
    await world.shared().up.settle();
    await expectOver({
      retries: "mark-earnings-processed-retries",
      "state-errors": "pollination-state",
      "letters-failures": "dlq-processor-failures",
    });
  });
};
