import type { Failure } from "../failure";
import { errorKind } from "../failure";
import { type Meter, metricNames } from "../observe/metrics";

/** What happens to a batch, in this order. */
export type Stage = "parse" | "validate" | "enrich" | "aggregate" | "archive";

const errorsOf = {
  parse: metricNames.streamParseErrors,
  validate: metricNames.streamValidateErrors,
  enrich: metricNames.streamEnrichErrors,
  aggregate: metricNames.streamAggregateErrors,
  archive: metricNames.streamArchiveErrors,
} as const satisfies Record<Stage, string>;

/** So many events met with this failure: counted by its category, and by the stage that they had come to. */
export const countStageFailure = (stage: Stage, failure: Failure, events: number, meter: Pick<Meter, "add">): void => {
  meter.add(metricNames.failure, events);
  meter.add(metricNames[`error${errorKind(failure)}`], events);
  meter.add(errorsOf[stage], events);
};
