import { metricNames } from "../../functions/processing/observe/metrics";
import { own } from "../alarmDefinition";
import type { Watched } from "../alarmDefinitions";
import type { Settings } from "../settings";
import type { Tables } from "../tables";
import { costOfUse } from "./cost";
import { line, total } from "./line";
import { budgetedCallers } from "./ratings";
import { gauge, latest, ofTheDay, type Widget } from "./widget";

const runs = ({ schedules }: Watched, label: string) =>
  schedules.filter((schedule) => schedule.label === label).map(({ lambda }) => own(lambda, metricNames.success));

/** Is today's data in, are ratings out, are calls left, does anything wait for somebody? */
export const healthWidgets = (watched: Watched, tables: Tables, settings: Settings): Widget[] => {
  const { workflow, ingestion, deadLetterWatch, publisherHealth, queueWatch } = watched;
  const { analysesCompleted, analysesFailed, callsReserved, callsGivenBack, jobsDone } = metricNames;
  const callers = budgetedCallers(watched);
  return [
    ofTheDay("Data in, 24 h", [
      total("listings, runs", runs(watched, "asset-sync")),
      total("calendar, runs", runs(watched, "earnings-sync")),
      total("news, runs", runs(watched, "news-sync")),
      total("data sets stored", [own(ingestion.lambda, jobsDone)]),
    ]),
    ofTheDay("Rated, and its cost", [
      total("rated", [own(workflow.storage, analysesCompleted)]),
      total("could not be rated", [own(workflow.storage, analysesFailed)]),
      costOfUse(watched, tables),
    ]),
    gauge(
      "Calls made, 24 h",
      {
        label: "spent",
        metrics: {
          reserved: callers.map((lambda) => own(lambda, callsReserved)),
          back: callers.map((lambda) => own(lambda, callsGivenBack)),
        },
        expression: "FILL(SUM(reserved), 0) - FILL(SUM(back), 0)",
      },
      settings.alphaVantagePerDay,
    ),
    latest("Waits now", [
      line("dead letters", own(deadLetterWatch.lambda, metricNames.deadLettersWaiting, "Maximum")),
      line("jobs", own(queueWatch.lambda, metricNames.jobsEnqueued, "Maximum")),
      line("unpublished for, s", own(publisherHealth.lambda, metricNames.pendingAge, "Maximum")),
    ]),
  ];
};
