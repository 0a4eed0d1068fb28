import { expect } from "chai";
import { permanentError, transientError } from "../../../functions/processing/workflow/errors";
import { analysisWorkflow } from "../../../workflows/analysis";
import type { State, TaskState } from "../../../workflows/states";

/** It comes without types of its own. */
const validate = require("asl-validator") as (
  definition: unknown,
  options: { checkPaths: boolean; checkArn: boolean },
) => { isValid: boolean; errors: unknown[] };

const definition = analysisWorkflow({
  dataValidation: "arn:aws:lambda:us-east-1:123456789012:function:data-validation",
  ruleBasedAnalysis: "arn:aws:lambda:us-east-1:123456789012:function:rule-based-analysis",
  resultStorage: "arn:aws:lambda:us-east-1:123456789012:function:result-storage",
  notification: "arn:aws:lambda:us-east-1:123456789012:function:notification",
});

const perCompany = (): Record<string, State> => {
  const map = definition.States["Rate each company"];
  return map?.Type === "Map" ? map.ItemProcessor.States : {};
};

const tasks = (): [string, TaskState][] =>
  Object.entries(perCompany()).flatMap(([name, state]) => (state.Type === "Task" ? [[name, state]] : []));

describe("the analysis workflow", () => {
  it("is what the States Language allows", () => {
    const { isValid, errors } = validate(JSON.parse(JSON.stringify(definition)), {
      checkPaths: true,
      checkArn: true,
    });
    expect(errors).to.deep.equal([]);
    expect(isValid).to.equal(true);
  });

  it("takes the eight companies of a batch side by side", () => {
    expect(definition.States["Rate each company"]).to.include({ Type: "Map", MaxConcurrency: 8 });
    expect(definition.TimeoutSeconds).to.equal(7_200);
  });

  it("gives each step the time it was given in the catalogue", () => {
    expect(Object.fromEntries(tasks().map(([name, { TimeoutSeconds }]) => [name, TimeoutSeconds]))).to.deep.equal({
      "Is there enough data?": 300,
      Rate: 600,
      "Store the rating": 300,
      "Store that there is too little": 300,
      "Store that it failed": 300,
      "Tell who listens": 120,
    });
  });

  it("tries again what may pass, with jitter, and never what is permanent", () => {
    for (const [name, { Retry }] of tasks()) {
      expect(Retry[0], name).to.deep.include({ ErrorEquals: [permanentError], MaxAttempts: 0 });
      expect(Retry[1]?.ErrorEquals, name).to.include.members([
        transientError,
        "Lambda.TooManyRequestsException",
        "Runtime.ExitError",
        "Sandbox.Timedout",
      ]);
      expect(Retry[1], name).to.include({ JitterStrategy: "FULL", MaxDelaySeconds: 30 });
    }
  });

  it("lets no company take its batch down: what fails before it is stored is stored as failed", () => {
    for (const name of ["Is there enough data?", "Rate", "Store the rating"]) {
      const state = perCompany()[name];
      expect(state?.Type === "Task" && state.Catch, name).to.deep.equal([
        { ErrorEquals: ["States.ALL"], ResultPath: "$.outcome.error", Next: "Store that it failed" },
      ]);
    }
    const telling = perCompany()["Tell who listens"];
    expect(telling?.Type === "Task" && telling.Catch?.[0]?.Next).to.equal("Stored, not told");
  });

  it("fails as a whole, once every other company is done, where one could neither be stored as rated nor as failed", () => {
    for (const name of ["Store that there is too little", "Store that it failed"]) {
      const state = perCompany()[name];
      expect(state?.Type === "Task" && state.Catch?.[0], name).to.include({ Next: "Not stored" });
    }
    expect(definition.States["Some were not stored"]).to.include({ Type: "Fail", Error: "NotStored" });
  });

  it("has names that fit the console", () => {
    for (const name of [...Object.keys(definition.States), ...Object.keys(perCompany())]) {
      expect(name.length).to.be.at.most(80);
    }
  });
});
