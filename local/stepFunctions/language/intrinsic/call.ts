import type { Json } from "../json";
import { type Path, readPath, type Scope } from "../path";
import type { Scanner } from "../scanner";
import { select } from "../select";
import { intrinsicFailure, StateError } from "../stateError";
import { functions, type Tools } from "./functions";

/** A value computed anew each time. */
export type Expression = (scope: Scope, tools: Tools) => Json;

/** What to say of a path that leads nowhere. */
export type NothingAt = (path: Path, scope: Scope) => Error;

const mostDepth = 10;

const readArgument = (scanner: Scanner, nothingAt: NothingAt, depth: number): Expression => {
  const text = scanner.quoted();
  if (text !== undefined) return () => text;
  const [literal] = scanner.match(/-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null/y) ?? [];
  if (literal !== undefined) {
    const value = JSON.parse(literal) as Json;
    return () => value;
  }
  if (scanner.sees("States.")) return readCall(scanner, nothingAt, depth + 1);
  const path = readPath(scanner);
  return (scope) => {
    const found = select(path, scope);
    if (found === undefined) throw nothingAt(path, scope);
    return found;
  };
};

/** The call of an intrinsic function that comes next, with those that are its arguments. */
export const readCall = (scanner: Scanner, nothingAt: NothingAt, depth = 1): Expression => {
  const [, name] = scanner.match(/(States\.\w+)\(/y) ?? [];
  if (name === undefined) throw scanner.trouble("expected an intrinsic function");
  const run = functions[name];
  if (!run) throw scanner.trouble(`there is no intrinsic function ${name}`);
  if (depth > mostDepth) throw scanner.trouble(`intrinsic functions nest ${mostDepth} deep at most`);
  const given: Expression[] = [];
  scanner.space();
  while (!scanner.take(")")) {
    if (given.length > 0) scanner.expect(",");
    scanner.space();
    given.push(readArgument(scanner, nothingAt, depth));
    scanner.space();
  }
  return (scope, tools) => {
    const values = given.map((argument) => argument(scope, tools));
    try {
      return run(values, tools);
    } catch (error) {
      if (error instanceof StateError || !(error instanceof Error)) throw error;
      throw intrinsicFailure(`The function '${name}' had the following error: ${error.message}`);
    }
  };
};
