import type * as v from "valibot";
import type { TransactItem } from "../aws/transact";
import type { Act } from "../ledger/commit";

type Schema = v.GenericSchema<Record<string, unknown>, Record<string, unknown>>;
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * One operation of an HTTP API. From it come its route, the checks of what is sent, the types of its handler and its
 * description in OpenAPI.
 */
export interface OperationDefinition<P extends Schema = Schema, Q extends Schema = Schema, B extends Schema = Schema> {
  readonly id: string;
  readonly route: `${Method} /${string}`;
  readonly summary: string;
  /** Variables of the path; a wrong one is as good as one that is not there. */
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: { status: 200 | 201 | 202 | 204; description: string; schema?: v.GenericSchema };
  /** Whether a stale If-Match is refused. @default false */
  readonly versioned?: boolean;
  /** Also for those who show no token. @default false */
  readonly public?: boolean;
  /** Other refusals than those that any operation may answer with. */
  readonly refusals?: readonly number[];
}

export const defineOperation = <P extends Schema, Q extends Schema, B extends Schema>(
  definition: OperationDefinition<P, Q, B>,
): OperationDefinition<P, Q, B> => definition;

export interface Answer {
  status: number;
  /** None where there is nothing to say. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** A request as its handler gets it: checked, and by whom. */
export interface Asked<P = unknown, Q = unknown, B = unknown> {
  owner: string;
  params: P;
  query: Q;
  body: B;
  /** The version that If-Match names. */
  version: number | undefined;
  act: Act;
  /**
   * Goes into the transaction of the change: what is answered is kept with it under the idempotency key, if there is
   * one, so that the same request again gets the same answer and changes nothing.
   */
  keep: (answer: Answer) => TransactItem[];
}

export const isChange = ({ route }: Pick<OperationDefinition, "route">): boolean => !route.startsWith("GET ");
