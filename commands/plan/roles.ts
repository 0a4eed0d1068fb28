import type { Resource } from "../../local/engine/program";

export interface Statement {
  effect: string;
  actions: string[];
  resources: string[];
}

interface PolicyDocument {
  Statement: { Effect: string; Action: string | string[]; Resource: string | string[] }[];
}

const list = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);

/** What a role may do, from the policies that the program attaches to it. */
export const statementsOf = (role: string, resources: readonly Resource[]): Statement[] =>
  resources
    .filter(({ type, inputs }) => type === "aws:iam/rolePolicy:RolePolicy" && inputs["role"] === role)
    .flatMap(({ inputs }) => (JSON.parse(String(inputs["policy"])) as PolicyDocument).Statement)
    .map(({ Effect, Action, Resource: on }) => ({ effect: Effect, actions: list(Action), resources: list(on) }));

const nouns: Record<string, string> = {
  dynamodb: "table",
  events: "bus",
  kinesis: "stream",
  logs: "log group",
  s3: "bucket",
  secretsmanager: "secret",
  sqs: "queue",
};

/** Bucket names end in the account's number. */
const shortBucket = (name: string, stack: string): string =>
  name
    .replace(`signal9-${stack}-`, "")
    .replace(/-\d{12}(?=$|\/)/, "")
    .replace(/\/\*$/, ", its objects");

/** `arn:…:table/signal9-dev-event-store/index/pending` → `event-store, index pending`. */
const shortName = (arn: string, stack: string): string => {
  if (arn === "*") return "";
  const [, , service, , , ...rest] = arn.split(":");
  if (service === "s3") return shortBucket(rest.join(":"), stack);
  return rest
    .join(":")
    .replace(/^(table\/|stream\/|event-bus\/|log-group:|secret:)/, "")
    .replace(/^\/aws\/lambda\//, "")
    .replace(`signal9-${stack}-`, "")
    .replace(/\/index\//, ", index ")
    .replace(/:\*$/, "");
};

/** `GetItem, PutItem on table earnings-calendar`. */
export const inWords = ({ effect, actions, resources }: Statement, stack: string): string => {
  const [service = ""] = actions[0]?.split(":") ?? [];
  const verbs = actions.map((action) => action.split(":")[1]).join(", ");
  const names = resources.map((arn) => shortName(arn, stack)).filter(Boolean);
  const where =
    names.length > 0
      ? `on ${nouns[service] ?? service} ${names.join(" and ")}`
      : `in ${service}, which knows no resources`;
  return `${effect === "Deny" ? "may not" : "may"} ${verbs} ${where}`;
};
