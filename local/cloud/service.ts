import type { Declared, Realised } from "../engine/program";
import type { Principal } from "../iam/principal";
import type { AwsError } from "./awsError";
import type { Access } from "./cloud";

export interface HttpRequest {
  method: string;
  /** Without the query; percent-encoded as it came. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

/** A request with what is lost when it is taken apart. */
export interface WebRequest extends HttpRequest {
  /** As it came, without the question mark. */
  rawQuery: string;
  /** In turn, a line each, names in lower case. */
  headerLines: readonly (readonly [name: string, value: string])[];
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  /** Each in a header line of its own. */
  cookies?: readonly string[];
  body: string | Buffer;
}

/** What a service answers beside the calls of its API: to browsers, or to whoever calls an address that it gave. */
export interface Site {
  /** Undefined: not for this site. */
  answer?: (http: WebRequest, requestId: string) => Promise<HttpAnswer> | undefined;
  /** Whether a page from elsewhere may make this call of the API. @default none may */
  admits?: (http: HttpRequest) => boolean;
  /** Adds to an answer of the API what depends on the request alone. */
  complete?: (http: HttpRequest, answer: HttpAnswer) => HttpAnswer;
}

/** One call of an API. */
export interface Call {
  caller: Principal;
  http: HttpRequest;
  requestId: string;
  /** For waiting on what may never come, such as a message: meanwhile this call keeps nobody from being idle. */
  waiting: <T>(work: () => Promise<T>) => Promise<T>;
}

/** How a service's calls and answers look on the wire. */
export interface Protocol {
  /** Finds which operation a request is for and parses its input. Undefined: not for any this service ever had. */
  parse: (http: HttpRequest) => { operation: string; input: unknown } | undefined;
  answer: (operation: string, output: unknown, requestId: string) => HttpAnswer;
  refuse: (error: AwsError, requestId: string) => HttpAnswer;
}

/** One operation: what it needs to be allowed, and what it does. Input is as the protocol parsed it: check before use. */
export interface Operation {
  access: (input: never, call: Call) => Access | readonly Access[];
  run: (input: never, call: Call) => Promise<unknown> | unknown;
}

/** Brings one declared resource to life. Throws where a property is not supported, naming it. */
export type Realise = (declared: Declared) => Promise<Realised> | Realised;

/** A service of the embedded cloud. One that is added is a folder and a line in local/services.ts. */
export interface Service {
  /** As requests are signed for it, such as `sqs` or `events`. */
  signingName: string;
  protocol: Protocol;
  /** By AWS's names. What is missing is refused by name. */
  operations: Record<string, Operation>;
  /** Whether a request without a signature is for it all the same: it is then nobody's. */
  unsigned?: (http: HttpRequest) => boolean;
  site?: Site;
  /** By Pulumi's type tokens. */
  resources: Record<string, Realise>;
  /** Forgets all data, keeps all resources. */
  reset: () => Promise<void> | void;
  close: () => Promise<void> | void;
}
