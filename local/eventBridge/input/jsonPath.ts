import { isObject } from "../envelope";

/** Reads a value out of an event; undefined where the event has no such place. */
export type Read = (event: object) => unknown;

type Step = (values: readonly unknown[]) => unknown[];

const name =
  (key: string): Step =>
  (values) =>
    values.flatMap((value) => (isObject(value) && Object.hasOwn(value, key) ? [value[key]] : []));

const element =
  (index: number): Step =>
  (values) =>
    values.flatMap((value) => (Array.isArray(value) && index < value.length ? [value[index]] : []));

const all: Step = (values) =>
  values.flatMap((value) => (Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []));

/** `.name`, `.*`, `[3]` or `[*]`. */
const stepPattern = /\.(?:([\w/-]+)|\*)|\[(?:(\d+)|\*)\]/y;

/** The part of JSONPath that EventBridge knows. Throws an Error that says where it ends. */
export const parseJsonPath = (path: string): Read => {
  if (!path.startsWith("$")) throw new Error(`JSONPath ${path} must start with $`);
  const steps: Step[] = [];
  let many = false;
  for (let at = 1; at < path.length; at = stepPattern.lastIndex) {
    stepPattern.lastIndex = at;
    const match = stepPattern.exec(path);
    if (!match) throw new Error(`JSONPath ${path} has ${path.slice(at)}, which is not supported`);
    const [, key, index] = match;
    if (key !== undefined) steps.push(name(key));
    else if (index !== undefined) steps.push(element(Number(index)));
    else {
      steps.push(all);
      many = true;
    }
  }
  return (event) => {
    const values = steps.reduce<readonly unknown[]>((found, step) => step(found), [event]);
    return many ? values : values[0];
  };
};
