import { createRequire } from "node:module";
import { expect } from "chai";
import { readDefinition } from "../../../local/stepFunctions/language/definition";
import { only } from "./world";

type Definition = Record<string, unknown>;

/** Says of a definition whether the language has it, whatever an interpreter supports. */
const aslValidator = createRequire(__filename)("asl-validator") as (
  definition: unknown,
  options: Record<string, boolean>,
) => { isValid: boolean };
const isAsl = (definition: unknown): boolean => aslValidator(definition, { checkPaths: true, checkArn: true }).isValid;

const refusal = (definition: Definition | string): string => {
  try {
    readDefinition(typeof definition === "string" ? definition : JSON.stringify(definition));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was read");
};

const invalid = (what: string) => `Invalid State Machine Definition: '${what}'`;
const pass = { Type: "Pass", End: true };
const task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: "f" } };
const withStates = (States: Definition): Definition => ({ StartAt: Object.keys(States)[0], States });
const mapOf = (more: Definition = {}, processor: Definition = {}) =>
  only({ Type: "Map", ItemProcessor: { ...withStates({ Each: pass }), ...processor }, ...more });

/** All that is supported, in one machine. */
const everything: Definition = {
  Comment: "whole",
  Version: "1.0",
  TimeoutSeconds: 7_200,
  StartAt: "Task",
  States: {
    Task: {
      ...task,
      Comment: "calls",
      InputPath: "$.detail",
      Parameters: {
        FunctionName: "f",
        Payload: { "ids.$": "$.items[?(@.kind == 'a')].id", "at.$": "$$.Execution.StartTime" },
      },
      ResultSelector: { "id.$": "$.Payload.id", "text.$": "States.Format('{}-{}', $.Payload.id, $$.Execution.Name)" },
      ResultPath: "$.result.task",
      OutputPath: "$",
      TimeoutSeconds: 60,
      Retry: [
        {
          ErrorEquals: ["Lambda.TooManyRequestsException"],
          IntervalSeconds: 1,
          MaxAttempts: 5,
          BackoffRate: 1.5,
          MaxDelaySeconds: 30,
          JitterStrategy: "FULL",
        },
        { ErrorEquals: ["States.ALL"] },
      ],
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Choice" }],
      Next: "Choice",
    },
    Choice: {
      Type: "Choice",
      Choices: [
        {
          And: [{ Variable: "$.n", NumericGreaterThan: 1 }, { Not: { Variable: "$.s", StringMatches: "a*" } }],
          Next: "Wait",
        },
        {
          Or: [
            { Variable: "$.b", BooleanEquals: true },
            { Variable: "$.x", IsPresent: false },
          ],
          Next: "Map",
        },
      ],
      Default: "Fail",
    },
    Wait: { Type: "Wait", SecondsPath: "$.seconds", Next: "Map" },
    Map: {
      Type: "Map",
      ItemsPath: "$.items",
      ItemSelector: { "value.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index" },
      MaxConcurrency: 4,
      ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, ...withStates({ Each: pass }) },
      ResultPath: null,
      Next: "Parallel",
    },
    Parallel: {
      Type: "Parallel",
      Branches: [withStates({ One: { Type: "Succeed" } }), withStates({ Two: pass })],
      Next: "Done",
    },
    Done: { Type: "Succeed" },
    Fail: { Type: "Fail", Error: "Failure", CausePath: "$.cause" },
  },
};

describe("a definition", () => {
  it("may have all that is supported, which is the language's", () => {
    expect(readDefinition(JSON.stringify(everything)).StartAt).to.equal("Task");
    expect(isAsl(everything)).to.equal(true);
  });

  describe("is refused by name where the language has what is not supported here:", () => {
    const cases: [string, Definition, string][] = [
      ["Assign", only({ ...pass, Assign: { a: 1 } }), "does not support Assign at /States/Only"],
      [
        "JSONata of a state",
        only({ ...pass, QueryLanguage: "JSONata" }),
        'does not support QueryLanguage "JSONata", only "JSONPath" at /States/Only/QueryLanguage',
      ],
      [
        "JSONata",
        { ...only(pass), QueryLanguage: "JSONata" },
        'does not support QueryLanguage "JSONata", only "JSONPath" at /QueryLanguage',
      ],
      ["Arguments", only({ ...task, Arguments: {} }), "does not support Arguments at /States/Only"],
      ["Output", only({ ...pass, Output: {} }), "does not support Output at /States/Only"],
      ["HeartbeatSeconds", only({ ...task, HeartbeatSeconds: 5 }), "does not support HeartbeatSeconds at /States/Only"],
      ["Credentials", only({ ...task, Credentials: {} }), "does not support Credentials at /States/Only"],
      [
        "a distributed Map",
        mapOf({}, { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } }),
        'does not support Mode "DISTRIBUTED", only "INLINE" at /States/Only/ItemProcessor/ProcessorConfig/Mode',
      ],
      [
        "ToleratedFailureCount",
        mapOf({ ToleratedFailureCount: 1 }),
        "does not support ToleratedFailureCount at /States/Only",
      ],
      ["ItemReader", mapOf({ ItemReader: {} }), "does not support ItemReader at /States/Only"],
      [
        "Iterator",
        only({ Type: "Map", Iterator: withStates({ Each: pass }) }),
        "does not support Iterator at /States/Only",
      ],
      [
        "a callback",
        only({ ...task, Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken" }),
        "does not support the Resource arn:aws:states:::lambda:invoke.waitForTaskToken at /States/Only/Resource",
      ],
      [
        "another service",
        only({ ...task, Resource: "arn:aws:states:::glue:startJobRun" }),
        "does not support the Resource arn:aws:states:::glue:startJobRun at /States/Only/Resource",
      ],
      [
        "an activity",
        only({ ...task, Resource: "arn:aws:states:us-east-1:123456789012:activity:a" }),
        "does not support the Resource arn:aws:states:us-east-1:123456789012:activity:a at",
      ],
      [
        "another parameter",
        only({ ...task, Parameters: { FunctionName: "f", InvocationType: "Event" } }),
        "does not support InvocationType of lambda:invoke at /States/Only/Parameters",
      ],
      [
        "a task token",
        only({ ...pass, Parameters: { "token.$": "$$.Task.Token" } }),
        "does not support task tokens ($$.Task) at /States/Only/Parameters",
      ],
    ];
    for (const [what, definition, reason] of cases) {
      it(what, () => expect(refusal(definition)).to.include(`the embedded cloud ${reason}`));
    }
  });

  describe("is refused as AWS refuses it:", () => {
    const schema = "SCHEMA_VALIDATION_FAILED";
    const missing = "MISSING_TRANSITION_TARGET";
    const cases: [string, Definition | string, string][] = [
      ["no states", { StartAt: "A" }, `${schema}: These fields are required: [States] at /`],
      ["no start", { States: { A: pass } }, `${schema}: These fields are required: [StartAt] at /`],
      [
        "a start that is not there",
        { StartAt: "B", States: { A: pass } },
        `${missing}: Missing 'StartAt' target: B at /StartAt, ${missing}: State "A" is not reachable. at /States/A`,
      ],
      [
        "a Next that is not there",
        withStates({ A: { Type: "Pass", Next: "B" }, C: pass }),
        `${missing}: Missing 'Next' target: B at /States/A/Next, ${missing}: State "C" is not reachable. at /States/C`,
      ],
      [
        "a Catch that leads nowhere",
        only({ ...task, Catch: [{ ErrorEquals: ["E"], Next: "B" }] }),
        `${missing}: Missing 'Next' target: B at /States/Only/Catch[0]/Next`,
      ],
      [
        "a state within that leads nowhere",
        mapOf({}, { StartAt: "Each", States: { Each: { Type: "Pass", Next: "Only" } } }),
        `${missing}: Missing 'Next' target: Only at /States/Only/ItemProcessor/States/Each/Next, ${schema}: No state ends this at /States/Only/ItemProcessor`,
      ],
      [
        "a name twice",
        mapOf({}, withStates({ Only: pass })),
        "DUPLICATE_STATE_NAME: Duplicate state name: Only at /States/Only/ItemProcessor/States/Only",
      ],
      [
        "a field that its type has not",
        only({ ...pass, Catch: [] }),
        `${schema}: Field 'Catch' is not supported at /States/Only`,
      ],
      [
        "both Next and End",
        only({ ...pass, Next: "Only" }),
        `${schema}: There should only be one of the following fields: [Next, End] at /States/Only`,
      ],
      [
        "neither Next nor End",
        withStates({ A: { Type: "Pass" }, B: pass }),
        `${schema}: Next or End must be set at /States/A, ${missing}: State "B" is not reachable. at /States/B`,
      ],
      [
        "two times to wait",
        only({ Type: "Wait", Seconds: 1, Timestamp: "2026-01-01T00:00:00Z" }),
        `${schema}: There should only be one of the following fields: [Seconds, Timestamp] at /States/Only`,
      ],
      [
        "no time to wait",
        only({ Type: "Wait" }),
        `${schema}: These fields are required: one of [Seconds, SecondsPath, Timestamp, TimestampPath] at /States/Only`,
      ],
      [
        "no FunctionName",
        only({ ...task, Parameters: {} }),
        `${schema}: The field 'FunctionName' is required but was missing at /States/Only/Parameters`,
      ],
      [
        "a ResultPath that gathers",
        only({ ...pass, ResultPath: "$.a[*]" }),
        `${schema}: Value is not a Reference Path at /States/Only/ResultPath`,
      ],
      [
        "a ResultPath into the context",
        only({ ...pass, ResultPath: "$$.a" }),
        `${schema}: Value is not a Reference Path at /States/Only/ResultPath`,
      ],
      [
        "a wildcard that is not last",
        only({ ...task, Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["E"] }] }),
        `${schema}: States.ALL must be last at /States/Only/Retry`,
      ],
      [
        "a wildcard that is not alone",
        only({ ...task, Retry: [{ ErrorEquals: ["States.ALL", "E"] }] }),
        `${schema}: States.ALL must appear alone at /States/Only/Retry[0]/ErrorEquals`,
      ],
      [
        "a field that is to be computed and is no text",
        only({ ...pass, Parameters: { "a.$": 1 } }),
        `${schema}: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call at /States/Only/Parameters`,
      ],
    ];
    for (const [what, definition, reason] of cases) {
      it(what, () => expect(refusal(definition)).to.equal(invalid(reason)));
    }

    it("retriers and catchers that cannot be", () => {
      const retried = only({ ...task, Retry: [{ ErrorEquals: ["E"], BackoffRate: 0.5 }] });
      expect(refusal(retried)).to.include("Minimum value is 1 at /States/Only/Retry[0]/BackoffRate");
      const caught = only({ ...task, Catch: [{ ErrorEquals: [], Next: "Only" }] });
      expect(refusal(caught)).to.include("ErrorEquals must not be empty");
    });
  });

  describe("is refused where asl-validator refuses it too:", () => {
    const choice = (rule: Definition): Definition => withStates({ C: { Type: "Choice", Choices: [rule] }, D: pass });
    const cases: [string, Definition, string][] = [
      ["an unknown type of state", only({ Type: "Dance" }), "/States/Only"],
      [
        "a negative interval",
        only({ ...task, Retry: [{ ErrorEquals: ["E"], IntervalSeconds: -1 }] }),
        "Minimum value is 1",
      ],
      ["a path that is none", only({ ...pass, InputPath: "a.b" }), "expected $"],
      ["a rule without a Next", choice({ Variable: "$.a", IsNull: true }), "These fields are required: [Next]"],
      [
        "a rule with an unknown operator",
        choice({ Variable: "$.a", Resembles: 1, Next: "D" }),
        "Field 'Resembles' is not supported",
      ],
      ["an empty And", choice({ And: [], Next: "D" }), "need a list of rules"],
    ];
    for (const [what, definition, reason] of cases) {
      it(what, () => {
        expect(refusal(definition)).to.include(reason);
        expect(isAsl(definition)).to.equal(false);
      });
    }
  });

  it("is refused where it is no JSON, or misuses a function", () => {
    expect(refusal("{")).to.include("INVALID_JSON_DESCRIPTION");
    const used = (call: string) => refusal(only({ ...pass, Parameters: { "a.$": call } }));
    expect(used("States.Nothing()")).to.include("there is no intrinsic function States.Nothing");
    expect(used("States.UUID() x")).to.include("nothing may follow an intrinsic function");
    expect(used("UUID()")).to.include("expected an intrinsic function");
    expect(used("States.Format('a\\{', 1)")).to.include("does not support escaped braces");
    expect(used("States.Format('a")).to.include("expected '");
    expect(used(`${"States.Array(".repeat(11)}1${")".repeat(11)}`)).to.include("nest 10 deep at most");
    expect(used("$.a b")).to.include("this is no part of a JSONPath");
    expect(used("$.a[1, x]")).to.include("expected another item");
    expect(used("$.a[::-1]")).to.include("a slice goes forward");
    expect(used("$.a[]")).to.include("expected a name, an index");
    expect(used("$.a[?(#)]")).to.include("expected @, $");
  });
});
