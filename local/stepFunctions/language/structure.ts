import type { State, States, Task } from "./states";

/** What is wrong with a definition, and where. */
export interface Finding {
  code: "SCHEMA_VALIDATION_FAILED" | "MISSING_TRANSITION_TARGET" | "DUPLICATE_STATE_NAME";
  message: string;
  at: string;
}

/** Fields of which a state has one at most. */
const alternatives = [
  ["Next", "End"],
  ["TimeoutSeconds", "TimeoutSecondsPath"],
  ["MaxConcurrency", "MaxConcurrencyPath"],
  ["Error", "ErrorPath"],
  ["Cause", "CausePath"],
  ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
];

/** Fields of which a state of this type has one at least. */
const needed: Partial<Record<State["Type"], string[]>> = { Wait: alternatives[5] ?? [] };

const ends = (state: State): boolean =>
  state.Type === "Succeed" || state.Type === "Fail" || ("End" in state && state.End === true);

/** Where a state may lead, by the place that says so. */
const targets = (state: State): [at: string, name: string][] => {
  const found: [string, string | undefined][] = [];
  if ("Next" in state) found.push(["Next", state.Next]);
  if (state.Type === "Choice") {
    found.push(...state.Choices.map(({ Next }, at): [string, string] => [`Choices[${at}]/Next`, Next]));
    found.push(["Default", state.Default]);
  }
  if ("Catch" in state) {
    found.push(...(state.Catch ?? []).map(({ Next }, at): [string, string] => [`Catch[${at}]/Next`, Next]));
  }
  return found.flatMap(([at, name]) => (name === undefined ? [] : [[at, name]]));
};

const within = (state: State): [at: string, states: States][] => {
  if (state.Type === "Map") return [["ItemProcessor", state.ItemProcessor]];
  if (state.Type === "Parallel") return state.Branches.map((branch, at) => [`Branches[${at}]`, branch]);
  return [];
};

const checkState = (state: State, at: string): Finding[] => {
  const wrong = (message: string): Finding => ({ code: "SCHEMA_VALIDATION_FAILED", message, at });
  const found: Finding[] = [];
  for (const fields of alternatives) {
    const set = fields.filter((field) => field in state);
    if (set.length > 1) found.push(wrong(`There should only be one of the following fields: [${set.join(", ")}]`));
  }
  const oneOf = needed[state.Type];
  if (oneOf && !oneOf.some((field) => field in state)) {
    found.push(wrong(`These fields are required: one of [${oneOf.join(", ")}]`));
  }
  if (state.Type !== "Choice" && !ends(state) && !("Next" in state)) {
    found.push(wrong("Next or End must be set"));
  }
  return found;
};

const checkParameters = ({ Resource, Parameters }: Task, at: string): Finding[] => {
  const { resourceType, resource, required = [], optional } = Resource;
  const fields = Parameters?.fields ?? [];
  const wrong = (message: string): Finding => ({ code: "SCHEMA_VALIDATION_FAILED", message, at: `${at}/Parameters` });
  const missing = required.filter((field) => !fields.includes(field));
  const others = optional ? fields.filter((field) => !required.includes(field) && !optional.includes(field)) : [];
  return [
    ...missing.map((field) => wrong(`The field '${field}' is required but was missing`)),
    ...others.map((field) => wrong(`the embedded cloud does not support ${field} of ${resourceType}:${resource}`)),
  ];
};

const reachable = ({ StartAt, States: all }: States): Set<string> => {
  const seen = new Set<string>();
  const open = [StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = all[name];
    if (!state || seen.has(name)) continue;
    seen.add(name);
    open.push(...targets(state).map(([, target]) => target));
  }
  return seen;
};

/** Checks how the states hang together, those within them too. Names are unique in the whole machine. */
export const checkStructure = (states: States, root = "", names = new Set<string>()): Finding[] => {
  const missing = (at: string, name: string): Finding => ({
    code: "MISSING_TRANSITION_TARGET",
    message: `Missing '${at.split("/").at(-1)}' target: ${name}`,
    at: `${root}/${at}`,
  });
  const found: Finding[] = states.StartAt in states.States ? [] : [missing("StartAt", states.StartAt)];
  const reached = reachable(states);
  for (const [name, state] of Object.entries(states.States)) {
    const at = `${root}/States/${name}`;
    if (names.has(name)) found.push({ code: "DUPLICATE_STATE_NAME", message: `Duplicate state name: ${name}`, at });
    names.add(name);
    found.push(...checkState(state, at));
    if (state.Type === "Task") found.push(...checkParameters(state, at));
    for (const [place, target] of targets(state)) {
      if (!(target in states.States)) found.push(missing(`States/${name}/${place}`, target));
    }
    if (!reached.has(name)) {
      found.push({ code: "MISSING_TRANSITION_TARGET", message: `State "${name}" is not reachable.`, at });
    }
    for (const [place, inner] of within(state)) found.push(...checkStructure(inner, `${at}/${place}`, names));
  }
  if (!Object.values(states.States).some(ends)) {
    found.push({ code: "SCHEMA_VALIDATION_FAILED", message: "No state ends this", at: root || "/" });
  }
  return found;
};
