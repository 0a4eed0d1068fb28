import { metricNames } from "../../functions/processing/observe/metrics";
import { type Metric, own } from "../alarmDefinition";
import type { Watched } from "../alarmDefinitions";
import type { Alarm } from "../alarms";
import { isGiven, type Lambda } from "../lambda";
import { limitOf, watchedBy } from "./alarmed";
import { lambdasOf } from "./functions";
import { highest, inSeconds, type Line, line, total } from "./line";
import { areas, lines, type Widget } from "./widget";

/** Who calls the provider whose calls are few. */
export const budgetedCallers = (watched: Watched): Lambda[] =>
  lambdasOf(watched).filter((lambda) => isGiven(lambda, "ALPHA_VANTAGE_URL"));

const ofMachine = ({ workflow: { machine } }: Watched, name: string, stat: Metric["stat"] = "Sum"): Metric => ({
  namespace: "AWS/States",
  name,
  stat,
  dimensions: { StateMachineArn: machine.resource.arn },
});

/** From a company's turn to its rating: calls, jobs, executions. */
export const ratingWidgets = (watched: Watched, alarms: readonly Alarm[]): Widget[] => {
  const { workflow, queueWatch, ingestion } = watched;
  const { analysesCompleted, analysesFailed, callsReserved, callsRefused, callsGivenBack } = metricNames;
  const callers = budgetedCallers(watched);
  const calls = (name: typeof callsReserved | typeof callsRefused | typeof callsGivenBack) =>
    callers.map((lambda) => own(lambda, name));
  const steps = Object.values(workflow.machine.steps);
  return [
    areas("Provider: calls", {
      lines: [
        total("made", calls(callsReserved), { color: "#1f77b4" }),
        total("none left", calls(callsRefused), { color: "#ff7f0e" }),
        total("given back", calls(callsGivenBack), { color: "#7f7f7f" }),
      ],
      units: { left: "calls in 5 min" },
    }),
    lines("Jobs: fetching companies' data", {
      lines: [
        line("waiting", own(queueWatch.lambda, metricNames.jobsEnqueued, "Maximum")),
        total("done", [own(ingestion.lambda, metricNames.jobsDone)], { color: "#2ca02c" }),
        total("dead", [own(ingestion.lambda, metricNames.jobsDead)], { color: "#d62728" }),
        ...watchedBy(alarms, "jobs-delay").map((one): Line => ({ ...one, label: "late", axis: "right" })),
      ],
      units: { left: "jobs", right: `s, ${limitOf(alarms, "jobs-delay")?.label}` },
    }),
    areas("Workflow: companies and executions", {
      lines: [
        total("rated", [own(workflow.storage, analysesCompleted)], { color: "#2ca02c" }),
        total("could not be rated", [own(workflow.storage, analysesFailed)], { color: "#d62728" }),
        total(
          "executions failed",
          ["Failed", "TimedOut", "Aborted"].map((end) => ofMachine(watched, `Executions${end}`)),
          { color: "#9467bd" },
        ),
      ],
      units: { left: "in 5 min" },
    }),
    lines("Workflow: how long an execution takes", {
      lines: [
        inSeconds(line("p50", ofMachine(watched, "ExecutionTime", "p50"))),
        inSeconds(line("p99", ofMachine(watched, "ExecutionTime", "p99"))),
        inSeconds(
          highest(
            "slowest step, p99",
            steps.map((lambda) => own(lambda, metricNames.duration, "p99")),
          ),
        ),
      ],
      units: { left: "s" },
    }),
  ];
};
