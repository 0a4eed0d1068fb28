import type { AwsError } from "../cloud/awsError";
import { account, type Cloud } from "../cloud/cloud";
import type { HttpAnswer } from "../cloud/service";
import { correlationIdIn } from "../cloud/trace";
import { type Principal, service } from "../iam/principal";
import type { InvocationResult } from "../lambda/contract";
import { functionAnswer } from "./answer/functionAnswer";
import { Refusal } from "./answer/refusal";
import { apiArn, executionArn } from "./api";
import { preflight, withCors } from "./cors";
import { type Received, type Routed, requestEvent } from "./request/event";
import { matchRoute } from "./request/routing";
import { authorise } from "./tokens/authorise";
import { type End, logLine } from "./watching/accessLog";
import { type OnMetric, requestMetrics } from "./watching/metrics";

export interface Surroundings {
  invoke: (
    functionArn: string,
    payload: Buffer,
    options: { from: Principal; traceId?: string },
  ) => Promise<InvocationResult>;
  onLog: (group: string, stream: string, line: { timestamp: number; message: string }) => void;
  onMetric: OnMetric;
}

const largestBody = 10 * 1_024 * 1_024;
/** Of the request line and all headers. */
const largestHead = 10_240;
const billedBytes = 512 * 1_024;

interface Progress {
  received: Received & Partial<Routed>;
  integration?: End["integration"];
}

const headBytes = ({ http }: Received): number =>
  http.headerLines.reduce(
    (sum, [name, value]) => sum + name.length + value.length + 4,
    http.method.length + http.path.length + http.rawQuery.length + 12,
  );

const checkSize = (received: Received): void => {
  if (headBytes(received) > largestHead) throw new Refusal(431);
  if (received.http.body.length > largestBody) throw new Refusal(413);
};

/** What a permission may name: the API's stage, method and path, as the route has them. */
const sourceOf = ({ api, stage, route }: Routed): string =>
  `${executionArn(api)}/${stage.name}/${route.key.replace(" ", "").replace(/^ANY\//, "*/")}`;

const withinTime = async <T>(ms: number, work: Promise<T>): Promise<T | "late"> => {
  let alarm: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((over) => {
    alarm = setTimeout(() => over("late"), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(alarm);
  }
};

const answerOf = (result: InvocationResult): HttpAnswer => {
  if (result.kind === "throttled") throw new Refusal(503, { integration: result.message });
  if (result.kind === "error") {
    throw new Refusal(500, {
      integration: "The Lambda function returned the following error: it failed. Check its log group.",
    });
  }
  return functionAnswer(result.payload);
};

/** Answers requests to APIs. */
export const createServe = (cloud: Cloud, { invoke, onLog, onMetric }: Surroundings) => {
  const ask = async (routed: Routed, progress: Progress): Promise<HttpAnswer> => {
    const { integration } = routed.route;
    const from = service("apigateway.amazonaws.com", { sourceArn: sourceOf(routed), sourceAccount: account });
    const payload = Buffer.from(JSON.stringify(requestEvent(routed)));
    const start = performance.now();
    const noteLatency = (status: number) => {
      progress.integration = { status, latencyMs: Math.round(performance.now() - start) };
    };
    const asked = invoke(integration.functionArn, payload, { from, traceId: routed.traceId });
    const result = await withinTime(integration.timeoutMs, asked).catch((error: AwsError) => {
      noteLatency(error.status ?? 500);
      throw new Refusal(500, { integration: error.message });
    });
    if (result === "late") {
      noteLatency(504);
      throw new Refusal(503, { integration: "Endpoint request timed out" });
    }
    noteLatency(200);
    return answerOf(result);
  };

  const strike = async (routeKey: string): Promise<void> => {
    const aim = { service: "apigateway", operation: routeKey, caller: "client" };
    const struck = cloud.faults.strike(aim, "throttle", "serverError", "latency");
    if (struck?.kind === "throttle") throw new Refusal(429);
    if (struck?.kind === "serverError") throw new Refusal(500);
    if (struck) await new Promise((later) => setTimeout(later, struck.ms ?? 1_000));
  };

  const answer = async (received: Received, progress: Progress): Promise<HttpAnswer> => {
    const { api, stage, http, path, at } = received;
    checkSize(received);
    const match = matchRoute(api.routes, http.method, path);
    if (!match) throw new Refusal(404);
    const { route, variables } = match;
    progress.received = { ...received, route, variables };
    if (!stage.throttle.take(route.key, at)) throw new Refusal(429);
    await strike(route.key);
    const identity = route.authorizer && (await authorise(http, route.authorizer, route.scopes, at));
    const routed: Routed = { ...received, route, variables, identity };
    progress.received = routed;
    const answered = await ask(routed, progress);
    const aim = { service: "apigateway", operation: route.key, caller: "client" };
    if (cloud.faults.strike(aim, "lostAnswer")) throw new Refusal(500);
    return answered;
  };

  const tell = (progress: Progress, end: End): void => {
    const { received } = progress;
    const { api, stage, route, http } = received;
    requestMetrics(onMetric, received, end);
    cloud.meter.add("apigateway request", Math.max(1, Math.ceil((http.body.length + end.bytes) / billedBytes)));
    cloud.trace.add({
      at: received.at,
      durationMs: end.latencyMs,
      service: "apigateway",
      operation: route?.key ?? "no route",
      resource: apiArn(api),
      caller: received.identity?.claims["sub"] ?? "client",
      outcome: String(end.status),
      correlationId: http.headers["x-correlation-id"] ?? correlationIdIn(http.body.toString("utf8")),
    });
    if (!stage.log) return;
    try {
      const message = logLine(stage.log.format, received, end);
      onLog(stage.log.group, `${api.id}/${stage.name}`, { timestamp: received.at, message });
    } catch {
      // As on AWS, an API goes on answering without its log, should the group be gone.
    }
  };

  return (received: Received): Promise<HttpAnswer> =>
    cloud.activity.during("request to an API", async () => {
      const { api, http } = received;
      const progress: Progress = { received };
      const start = performance.now();
      let refusal: Refusal | undefined;
      const asked = async (): Promise<HttpAnswer> => {
        try {
          return withCors(api.cors, http, await answer(received, progress));
        } catch (error) {
          refusal = error instanceof Refusal ? error : new Refusal(500, { integration: String(error) });
          return withCors(api.cors, http, refusal.answer());
        }
      };
      const answered = preflight(api.cors, http) ?? (await asked());
      tell(progress, {
        status: answered.status,
        bytes: Buffer.byteLength(answered.body),
        latencyMs: Math.round(performance.now() - start),
        integration: progress.integration,
        error: refusal && { message: refusal.message, type: refusal.type, ...refusal.reason },
      });
      return { ...answered, headers: { ...answered.headers, "apigw-requestid": received.requestId } };
    });
};
