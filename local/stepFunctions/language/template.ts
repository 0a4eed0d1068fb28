import { type Expression, readCall } from "./intrinsic/call";
import { isObject, type Json } from "./json";
import { compilePath, type Path, type Scope } from "./path";
import { Scanner } from "./scanner";
import { select } from "./select";
import { runtimeError } from "./stateError";

const nothingFor =
  (field: string) =>
  ({ text, root }: Path, scope: Scope): Error =>
    runtimeError(
      `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(scope[root])}'`,
    );

/** A path, or the call of an intrinsic function. */
export const compileExpression = (text: string, field: string): Expression => {
  const nothingAt = nothingFor(field);
  if (text.startsWith("$")) {
    const path = compilePath(text);
    return (scope) => {
      const found = select(path, scope);
      if (found === undefined) throw nothingAt(path, scope);
      return found;
    };
  }
  const scanner = new Scanner(text);
  const call = readCall(scanner, nothingAt);
  if (!scanner.done) throw scanner.trouble("nothing may follow an intrinsic function");
  return call;
};

const compileField = (name: string, value: Json): [string, Expression] => {
  if (!name.endsWith(".$")) return [name, compileTemplate(value)];
  if (typeof value !== "string") {
    throw new Error(`The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call`);
  }
  return [name.slice(0, -2), compileExpression(value, name)];
};

/** A payload in which the fields whose names end in `.$` are computed. */
export const compileTemplate = (template: Json): Expression => {
  if (Array.isArray(template)) {
    const items = template.map(compileTemplate);
    return (scope, tools) => items.map((item) => item(scope, tools));
  }
  if (!isObject(template)) return () => template;
  const fields = Object.entries(template).map(([name, value]) => compileField(name, value));
  return (scope, tools) => Object.fromEntries(fields.map(([name, value]) => [name, value(scope, tools)]));
};
