import { largestBatch } from "../functions/processing/events/analysisNeeded";
import { call, type StateMachineDefinition } from "./states";

/** ARNs of the functions that do the work. */
export interface AnalysisSteps {
  dataValidation: string;
  ruleBasedAnalysis: string;
  resultStorage: string;
  notification: string;
}

const timeoutSeconds = 2 * 3_600;

/** Whatever a company's own steps could not mend ends in its history, and not in the failure of its batch. */
const caught = [{ ErrorEquals: ["States.ALL"], ResultPath: "$.outcome.error", Next: "Store that it failed" }];

const item = {
  "assetId.$": "$.assetId",
  "batchId.$": "$.batchId",
  "analysisType.$": "$.analysisType",
  "requestedAt.$": "$.requestedAt",
  "correlationId.$": "$.correlationId",
  "causationId.$": "$.causationId",
};

/** Nobody could write down what came of the company: it must not take the others down, nor be forgotten with them. */
const notStored = [{ ErrorEquals: ["States.ALL"], ResultPath: "$.unstored", Next: "Not stored" }];

const storing = {
  TimeoutSeconds: 300,
  ResultSelector: {
    "analysisId.$": "$.Payload.analysisId",
    "assetId.$": "$.Payload.assetId",
    "status.$": "$.Payload.status",
    "investmentRating.$": "$.Payload.investmentRating",
    "changedFrom.$": "$.Payload.changedFrom",
    "kind.$": "$.Payload.kind",
    "reason.$": "$.Payload.reason",
  },
  ResultPath: "$.stored",
  Next: "Tell who listens",
} as const;

/** Rates a batch of companies, each for itself: one that cannot be rated is recorded, and the others go on. */
export const analysisWorkflow = (steps: AnalysisSteps): StateMachineDefinition => ({
  Comment: "Rates a batch of companies",
  StartAt: "Rate each company",
  TimeoutSeconds: timeoutSeconds,
  States: {
    "Rate each company": {
      Type: "Map",
      Comment: "Side by side, as many as a batch has",
      ItemsPath: "$.assetIds",
      MaxConcurrency: largestBatch,
      ItemSelector: {
        "assetId.$": "$$.Map.Item.Value",
        "batchId.$": "$.batchId",
        "analysisType.$": "$.analysisType",
        "requestedAt.$": "$.requestedAt",
        "correlationId.$": "$.correlationId",
        "causationId.$": "$.causationId",
        outcome: {},
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "Is there enough data?",
        States: {
          "Is there enough data?": call(steps.dataValidation, item, {
            TimeoutSeconds: 300,
            ResultSelector: { "isValid.$": "$.Payload.isValid", "problem.$": "$.Payload.problem" },
            ResultPath: "$.validation",
            Catch: caught,
            Next: "Enough?",
          }),
          "Enough?": {
            Type: "Choice",
            Choices: [{ Variable: "$.validation.isValid", BooleanEquals: true, Next: "Rate" }],
            Default: "Store that there is too little",
          },
          Rate: call(steps.ruleBasedAnalysis, item, {
            Comment: "The rating itself stays in its bucket: only where it lies travels on",
            TimeoutSeconds: 600,
            ResultSelector: { "resultKey.$": "$.Payload.resultKey" },
            ResultPath: "$.outcome",
            Catch: caught,
            Next: "Store the rating",
          }),
          "Store the rating": call(
            steps.resultStorage,
            { ...item, "outcome.$": "$.outcome" },
            { ...storing, Catch: caught },
          ),
          "Store that there is too little": call(
            steps.resultStorage,
            { ...item, outcome: { "problem.$": "$.validation.problem" } },
            { ...storing, Catch: notStored },
          ),
          "Store that it failed": call(
            steps.resultStorage,
            { ...item, outcome: { "error.$": "$.outcome.error" } },
            { ...storing, Catch: notStored },
          ),
          "Tell who listens": call(
            steps.notification,
            {
              "analysisId.$": "$.stored.analysisId",
              "assetId.$": "$.stored.assetId",
              "status.$": "$.stored.status",
              "investmentRating.$": "$.stored.investmentRating",
              "changedFrom.$": "$.stored.changedFrom",
              "kind.$": "$.stored.kind",
              "reason.$": "$.stored.reason",
              "correlationId.$": "$.correlationId",
              "causationId.$": "$.causationId",
            },
            {
              Comment: "The rating is stored: nobody being told of it is no reason to call it failed",
              TimeoutSeconds: 120,
              ResultSelector: { "told.$": "$.Payload.told" },
              ResultPath: "$.telling",
              Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.untold", Next: "Stored, not told" }],
              Next: "Stored",
            },
          ),
          Stored: {
            Type: "Pass",
            Parameters: {
              "assetId.$": "$.stored.assetId",
              "status.$": "$.stored.status",
              "investmentRating.$": "$.stored.investmentRating",
              "reason.$": "$.stored.reason",
              "told.$": "$.telling.told",
            },
            End: true,
          },
          "Stored, not told": {
            Type: "Pass",
            Parameters: {
              "assetId.$": "$.stored.assetId",
              "status.$": "$.stored.status",
              "investmentRating.$": "$.stored.investmentRating",
              "reason.$": "$.stored.reason",
              told: false,
              "why.$": "$.untold.Cause",
            },
            End: true,
          },
          "Not stored": {
            Type: "Pass",
            Parameters: { "assetId.$": "$.assetId", status: "unstored", "why.$": "$.unstored.Cause" },
            End: true,
          },
        },
      },
      ResultPath: "$.companies",
      Next: "Report the batch",
    },
    "Report the batch": {
      Type: "Pass",
      Parameters: {
        "batchId.$": "$.batchId",
        "rated.$": "$.companies[?(@.status == 'completed')]",
        "failed.$": "$.companies[?(@.status == 'failed')]",
        "unstored.$": "$.companies[?(@.status == 'unstored')]",
      },
      Next: "All stored?",
    },
    "All stored?": {
      Type: "Choice",
      Choices: [{ Variable: "$.unstored[0]", IsPresent: true, Next: "Some were not stored" }],
      Default: "Reported",
    },
    Reported: {
      Type: "Pass",
      Parameters: { "batchId.$": "$.batchId", "rated.$": "$.rated", "failed.$": "$.failed" },
      End: true,
    },
    "Some were not stored": {
      Type: "Fail",
      Comment:
        "So that an alarm tells of it, and the same event starts the batch anew: what is stored already stays as it is",
      Error: "NotStored",
      CausePath: "States.JsonToString($)",
    },
  },
});
