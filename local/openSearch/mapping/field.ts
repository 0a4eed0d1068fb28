import type { Analyzer } from "../analysis/token";
import type { Json } from "../json";
import type { Space } from "./space";

interface Common {
  path: string;
  type: string;
  /** As they were declared. */
  parameters: Json;
  /** Can it be searched? */
  indexed: boolean;
  /** Can it be sorted by and aggregated? */
  columnar: boolean;
}

/** Found by the exact term. */
export interface TermField extends Common {
  kind: "term";
  /** Undefined leaves the value out. */
  read: (value: unknown) => string | undefined;
  term: (value: unknown) => string;
  /** A term in sort values and buckets. */
  show: (term: string) => { key: string | number; text?: string };
}

/** Found by its words. */
export interface TextField extends Common {
  kind: "text";
  read: (value: unknown) => string;
  analyzer: Analyzer;
  searchAnalyzer: Analyzer;
}

/** The numbers from one to another, both included. */
export interface Span {
  from: number;
  to: number;
}

/** Found by comparing. */
export interface NumberField extends Common {
  kind: "number";
  read: (value: unknown) => number | undefined;
  /** What a query's value stands for: `2026-01` for all of that month. */
  span: (value: unknown, format: string | undefined) => Span;
}

/** Found by nearness. */
export interface VectorField extends Common {
  kind: "vector";
  read: (value: unknown) => Float32Array;
  dimension: number;
  space: Space;
}

export type Field = TermField | TextField | NumberField | VectorField;

export type Value = string | number | Float32Array;
