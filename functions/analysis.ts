import { Consumer } from "../infra/consumer";
import { startExecutionsOf } from "../infra/grants";
import type { StateMachine } from "../infra/stateMachine";
import type { AnalysisSteps } from "../workflows/analysis";
import type { Platform } from "./platform";
import { analysisNeeded } from "./processing/events/analysisNeeded";

/** Starts the analysis of companies, batch by batch. */
export const analysis = ({ settings, bus }: Platform, workflow: StateMachine<keyof AnalysisSteps>): Consumer =>
  new Consumer(
    "analysis",
    {
      bus,
      events: [analysisNeeded],
      function: {
        description: "Starts an analysis for each batch of companies",
        timeout: 60,
        memory: 256,
        needs: [startExecutionsOf(workflow)],
        callbackFactory: () => {
          const { analysis } = require("./processing/analysis") as typeof import("./processing/analysis");
          return (batch, context) => analysis(batch, context);
        },
      },
    },
    settings,
  );
