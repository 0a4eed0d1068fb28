import { StateMachine } from "../infra/stateMachine";
import { type AnalysisSteps, analysisWorkflow as definition } from "../workflows/analysis";
import { dataValidation } from "./dataValidation";
import { notification } from "./notification";
import type { Platform } from "./platform";
import { resultStorage } from "./resultStorage";
import { ruleBasedAnalysis } from "./ruleBasedAnalysis";

/** The state machine that rates a batch of companies, and the functions that are its steps. */
export const analysisWorkflow = (platform: Platform): StateMachine<keyof AnalysisSteps> =>
  new StateMachine(
    "analysis-workflow",
    {
      description: "Rates a batch of companies",
      steps: {
        dataValidation: dataValidation(platform),
        ruleBasedAnalysis: ruleBasedAnalysis(platform),
        resultStorage: resultStorage(platform),
        notification: notification(platform),
      },
      definition,
    },
    platform.settings,
  );
