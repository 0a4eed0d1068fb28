import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readWhole } from "../cloud/body";
import type { Answer } from "./contract";
import { responseBytes, responseTooLarge } from "./failures";

export interface Invocation {
  requestId: string;
  payload: Buffer;
  deadlineMs: number;
  arn: string;
  traceId: string;
  clockOffsetMs: number;
}

/** Gives an invocation to a worker that waits for one. False if it waits no longer. */
export type Take = (invocation: Invocation) => boolean;

/** What hears of one worker's calls. */
export interface WorkerCalls {
  next: (take: Take) => void;
  /** False if the worker has no such invocation under way. */
  answer: (requestId: string, answer: Answer, residentMb: number) => boolean;
  initError: (payload: Buffer) => void;
}

export interface RuntimeApi {
  /** Where a worker finds it: the value of AWS_LAMBDA_RUNTIME_API. */
  address: (workerId: string) => string;
  attach: (workerId: string, calls: WorkerCalls) => void;
  detach: (workerId: string) => void;
  close: () => Promise<void>;
}

const version = "2018-06-01";
const route = new RegExp(
  `^/([^/]+)/${version}/runtime/(?:(init)/error|invocation/(?:(next)|([^/]+)/(response|error)))$`,
);

const reply = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};

const accepted = (response: ServerResponse) => reply(response, 202, { status: "OK" });

const refuse = (response: ServerResponse, status: number, errorType: string, errorMessage: string) =>
  reply(response, status, { errorType, errorMessage });

const give =
  (response: ServerResponse): Take =>
  ({ requestId, payload, deadlineMs, arn, traceId, clockOffsetMs }) => {
    if (response.destroyed) return false;
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": payload.length,
      "lambda-runtime-aws-request-id": requestId,
      "lambda-runtime-deadline-ms": deadlineMs,
      "lambda-runtime-invoked-function-arn": arn,
      "lambda-runtime-trace-id": traceId,
      "signal9-clock-offset-ms": clockOffsetMs,
    });
    response.end(payload);
    return true;
  };

const answerOf = (kind: string, body: Buffer | undefined): Answer => {
  if (body && kind === "response") return { kind: "success", payload: body };
  const payload = body ?? Buffer.from(JSON.stringify(responseTooLarge));
  return { kind: "error", functionError: "Unhandled", payload };
};

/** Lambda's Runtime API for the workers of one function, each below a path that only it knows. */
export const openRuntimeApi = async (): Promise<RuntimeApi> => {
  const workers = new Map<string, WorkerCalls>();

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url = "" } = request;
    const [, workerId = "", init, next, requestId = "", kind = ""] = route.exec(url) ?? [];
    const calls = workers.get(workerId);
    if (!workerId) return refuse(response, 404, "UnsupportedOperation", `${method} ${url} is not supported`);
    if (!calls) return refuse(response, 403, "InvalidWorker", "no worker has this address");
    if (method !== (next ? "GET" : "POST")) {
      return refuse(response, 405, "UnsupportedOperation", `${method} ${url} is not supported`);
    }
    if (next) return calls.next(give(response));
    const body = await readWhole(request, responseBytes);
    if (init) {
      calls.initError(body ?? Buffer.from(JSON.stringify(responseTooLarge)));
      return accepted(response);
    }
    const residentMb = Math.ceil(Number(request.headers["signal9-resident-bytes"] ?? 0) / 2 ** 20);
    if (!calls.answer(requestId, answerOf(kind, body), residentMb)) {
      return refuse(response, 400, "InvalidRequestID", `${requestId} is not under way here`);
    }
    return body ? accepted(response) : refuse(response, 413, "RequestEntityTooLarge", responseTooLarge.errorMessage);
  };

  const server = createServer((request, response) => {
    // A worker that dies in the middle of its answer is found dead by whoever watches the process.
    serve(request, response).catch(() => response.destroy());
  });
  // A worker holds one connection for as long as it lives, and waits on it for as long as nothing is to do.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    address: (workerId) => `127.0.0.1:${port}/${workerId}`,
    attach: (workerId, calls) => workers.set(workerId, calls),
    detach: (workerId) => workers.delete(workerId),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
