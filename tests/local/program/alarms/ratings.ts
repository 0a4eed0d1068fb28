import { dataTypes } from "../../../../functions/processing/fundamentals/dataTypes";
import { universe } from "../../../../local/market/universe";
import type { AlarmWorld } from "./world";

/** Ratings that fail, and ratings that do not come. */
export const alarmsOfRatings = (world: AlarmWorld): void => {
  const { pass, expectAll, expectRaised, expectOver, expectNamed, without, hear, tell } = world;

  it("a workflow that fails, companies that cannot be rated, and then a day without any rating", async () => {
    await hear(true, "analysis");
    const [symbol = ""] = universe.map((company) => company.symbol);
    const rate = (eventId: string) =>
      tell("analysisNeeded", [
        { eventId, assetIds: [symbol], batchSize: 8, analysisType: "rule_based", priority: "high" },
      ]);
    await without({ "result-storage": "dynamodb:*" }, async () => {
      await rate("unstored");
      await world.shared().up.settle();
      await expectRaised({ "workflow-failures": "analysis-workflow-failures" });
      const said = ["result-storage", "denied", "dynamodb:", ":table/"];
      await expectNamed("workflow-failures", "analysis-workflow-failures", ...said);
    });
    await rate("no data");
    await world.shared().up.settle();
    await expectRaised({ "analyses-failed": "analyses-failed" });
    await expectOver({ "workflow-failures": "analysis-workflow-failures", "analyses-failed": "analyses-failed" });
    await pass(27 * 60);
    expectAll("ALARM", { "analyses-stale": "analyses-stale" });
    await hear(true, "analysis-batches");
    await tell("pollenationNeeded", [
      {
        assetId: symbol,
        dataTypes: [...dataTypes],
        priority: "high",
      },
    ]);
    await world.shared().up.settle();
    await pass(2);
    expectAll("OK", { "analyses-stale": "analyses-stale" });
    await hear(false, "analysis");
  });
};
