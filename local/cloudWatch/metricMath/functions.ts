import { invalid, unsupported } from "../refused";
import type { Frame, Series } from "../series";
import { fillLinear, fillRepeat, fillWith } from "./fill";
import { choose } from "./operators";
import type { Expression } from "./parse";
import { aggregates, perPoint, perSeries, sortable, sortSeries } from "./seriesFunctions";
import {
  eachPoint,
  eachSeries,
  isArray,
  point,
  present,
  type SeriesArray,
  single,
  type Value,
  wrongKind,
} from "./values";

/** What a function may ask of the expression around it. */
export interface Surroundings {
  frame: Frame;
  metrics: ReadonlyMap<string, Series>;
  evaluate: (expression: Expression) => Value;
}

type Arguments = readonly Expression[];
type MathFunction = (args: Arguments, around: Surroundings, name: string) => Value;

const argument = (args: Arguments, at: number, name: string): Expression => {
  const given = args[at];
  if (!given) throw invalid(`metric math: ${name} takes more arguments`);
  return given;
};

/** A function of exactly one value. */
const ofOne =
  (compute: (value: Value, around: Surroundings, name: string) => Value): MathFunction =>
  (args, around, name) => {
    if (args.length > 1) throw invalid(`metric math: ${name} takes one argument; put several into an array, as [a, b]`);
    return compute(around.evaluate(argument(args, 0, name)), around, name);
  };

const arrayOnly = (value: Value, name: string): SeriesArray => {
  if (!isArray(value)) throw wrongKind(name, "an array of time series", value);
  return value;
};

const endOf = (position: 0 | -1): MathFunction =>
  ofOne((value, _around, name) => {
    const found = arrayOnly(value, name).members.at(position);
    if (!found) throw invalid(`metric math: ${name} of an array without members`);
    return found;
  });

const atMost = (args: Arguments, most: number, name: string): void => {
  if (args.length > most) throw invalid(`metric math: ${name} takes at most ${most} arguments`);
};

const wordAt = (args: Arguments, at: number, name: string, known: readonly string[]): string => {
  const given = argument(args, at, name);
  const word = given.kind === "word" ? given.word : "";
  if (!known.includes(word)) throw invalid(`metric math: ${name} knows ${known.join(", ")} as argument ${at + 1}`);
  return word;
};

const named: Record<string, MathFunction> = {
  IF: (args, { evaluate, frame }, name) => {
    atMost(args, 3, name);
    const value = (at: number) => single(name, evaluate(argument(args, at, name)));
    return choose(value(0), value(1), args[2] && value(2), frame.length);
  },
  FILL: (args, { evaluate }, name) => {
    atMost(args, 2, name);
    const filled = evaluate(argument(args, 0, name));
    const filler = argument(args, 1, name);
    if (filler.kind !== "word") return eachSeries(name, filled, fillWith(single(`${name}'s filler`, evaluate(filler))));
    if (filler.word === "REPEAT") return eachSeries(name, filled, fillRepeat);
    if (filler.word === "LINEAR") return eachSeries(name, filled, fillLinear);
    throw invalid(`metric math: ${name} knows REPEAT and LINEAR, not ${filler.word}`);
  },
  METRICS: (args, { metrics }, name) => {
    atMost(args, 1, name);
    const filter = args[0];
    if (filter && filter.kind !== "text") throw invalid("metric math: METRICS takes nothing but a quoted text");
    return { members: [...metrics].flatMap(([id, points]) => (id.includes(filter?.value ?? "") ? [points] : [])) };
  },
  PERIOD: (args, { metrics, frame }, name) => {
    atMost(args, 1, name);
    const metric = argument(args, 0, name);
    if (metric.kind !== "id" || !metrics.has(metric.id)) {
      throw invalid("metric math: PERIOD takes the id of a metric, not of an expression");
    }
    return frame.period;
  },
  SORT: (args, { evaluate }, name) => {
    atMost(args, 4, name);
    const { members } = arrayOnly(evaluate(argument(args, 0, name)), name);
    const by = wordAt(args, 1, name, sortable);
    const order = wordAt(args, 2, name, ["ASC", "DESC"]);
    const limit = args[3] ? evaluate(args[3]) : members.length;
    if (typeof limit !== "number") throw wrongKind(`${name}'s limit`, "a number", limit);
    return { members: sortSeries(members, by, order).slice(0, limit) };
  },
  TIME_SERIES: ofOne((value, { frame }, name) => {
    if (typeof value !== "number") throw wrongKind(name, "a number", value);
    return new Array<number | undefined>(frame.length).fill(point(value));
  }),
  METRIC_COUNT: ofOne((value, _around, name) => arrayOnly(value, name).members.length),
  FIRST: endOf(0),
  LAST: endOf(-1),
};

const generic = (name: string): MathFunction | undefined => {
  const ofPoint = perPoint[name];
  if (ofPoint) return ofOne((value) => eachSeries(name, value, eachPoint(ofPoint)));
  const ofSeries = perSeries[name];
  if (ofSeries) return ofOne((value, { frame }) => eachSeries(name, value, (points) => ofSeries(points, frame)));
  const aggregate = aggregates[name];
  if (!aggregate) return undefined;
  return ofOne((value, { frame }) => {
    if (typeof value === "number") throw wrongKind(name, "a time series or an array of them", value);
    if (!isArray(value)) return aggregate.ofSeries(present(value));
    const { members } = value;
    return Array.from({ length: frame.length }, (_, at) => {
      const values = present(members.map((member) => member[at]));
      return values.length > 0 ? point(aggregate.ofMoment(values, members.length)) : undefined;
    });
  });
};

export const callFunction = (name: string, args: Arguments, around: Surroundings): Value => {
  const found = named[name] ?? generic(name);
  if (!found) throw unsupported(`the metric math function ${name}`);
  return found(args, around, name);
};
