import type { APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import type * as v from "valibot";
import { classify } from "../aws/classify";
import { once } from "../aws/client";
import { makeRun, type Run, runAbout } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { derivedId } from "../events/derivedId";
import { ownerOf } from "../ledger/keys";
import { makeLogger } from "../observe/log";
import { countFailure, makeMeter, metricNames } from "../observe/metrics";
import { processRuntime, type Runtime } from "../runtime";
import { answeredBefore, keepAlone, keepAnswer, repeatable } from "./idempotency";
import { type Answer, type Asked, isChange, type OperationDefinition } from "./operation";
import { Problem, problemBody, problemOf } from "./problem";
import { correlationIn, type HttpEvent, idempotencyKeyIn, readRequest, textIn, userIn } from "./request";

type Handle<P, Q, B> = (asked: Asked<P, Q, B>, run: Run) => Promise<Answer>;

/** An operation with what does it. */
export interface Served {
  operation: OperationDefinition;
  handle: Handle<never, never, never>;
}

type Output<S> = S extends v.GenericSchema ? v.InferOutput<S> : never;

export const serve = <D extends OperationDefinition>(
  operation: D,
  handle: Handle<Output<NonNullable<D["params"]>>, Output<NonNullable<D["query"]>>, Output<NonNullable<D["body"]>>>,
): Served => ({ operation, handle: handle as Handle<never, never, never> });

const respond = (
  { status, body, headers }: Answer,
  correlationId: string,
  type = "application/json",
): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: {
    ...(body !== undefined && { "content-type": type }),
    // What somebody's books say is for nobody's cache.
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-correlation-id": correlationId,
    ...headers,
  },
  ...(body !== undefined && { body: JSON.stringify(body) }),
});

/** Does what is asked: once, where the request bears a key by which it may be repeated. */
const answer = async ({ operation, handle }: Served, event: HttpEvent, run: Run): Promise<Answer> => {
  const owner = operation.public ? "" : ownerOf(userIn(event));
  const asked = readRequest(event, operation);
  const key = isChange(operation) ? idempotencyKeyIn(event) : undefined;
  const request =
    key === undefined
      ? undefined
      : repeatable(owner, key, [operation.id, asked.params, asked.query, asked.version, textIn(event)]);
  const changeId = request ? derivedId("change", request.id, request.fingerprint) : run.newId();
  const act = { owner, changeId, at: run.now(), correlationId: correlationIn(event) };
  // Somebody who names a version wants to know when it is gone; for others it is read again.
  return overtaken(run, async () => {
    const before = request && (await answeredBefore(request, run));
    if (before) return before;
    let kept = false;
    const keep = (told: Answer) => {
      kept = true;
      return request ? [keepAnswer(request, told, run.now())] : [];
    };
    const told = await (handle as unknown as Handle<unknown, unknown, unknown>)({ owner, ...asked, act, keep }, run);
    if (request && !kept) await keepAlone(request, told, run);
    return told;
  });
};

/** A Lambda handler for operations of an HTTP API: each request is answered, and each refusal says why. */
export const api = (
  name: string,
  served: readonly Served[],
  runtime: Runtime = processRuntime,
): ((event: HttpEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>) => {
  const logger = once(() => makeLogger(name));
  const meter = once(() => makeMeter(name));
  const byRoute = new Map(served.map((one) => [one.operation.route as string, one]));
  return async (event, context) => {
    logger().addContext(context);
    const correlationId = correlationIn(event);
    const startedAt = runtime.now();
    // The route, never the path: an id in it is the caller's own word.
    const about = { correlationId, route: event.routeKey };
    const run = runAbout(makeRun(runtime, logger(), meter(), context), about);
    meter().add(metricNames.events);
    try {
      const found = byRoute.get(event.routeKey);
      if (!found) throw new Problem(404, "There is no such route.");
      const told = await answer(found, event, run);
      meter().add(metricNames.success);
      run.log.info("answered", { status: told.status, durationMs: runtime.now() - startedAt });
      return respond(told, correlationId);
    } catch (error) {
      const problem = refuse(error, run);
      const headers = { ...problem.headers };
      return respond(
        { status: problem.status, body: problemBody(problem, correlationId), headers },
        correlationId,
        "application/problem+json",
      );
    } finally {
      meter().add(metricNames.duration, runtime.now() - startedAt);
      meter().flush((error) => run.log.warn("metrics were not written", { error }));
    }
  };
};

/** What the caller could have avoided is no failure of ours. */
const refuse = (error: unknown, { meter, log }: Run): Problem => {
  if (error instanceof Problem && error.status < 500) {
    meter.add(metricNames.success);
    log.info("refused", { status: error.status, errors: error.errors });
    return error;
  }
  const failure = classify(error, "code");
  const problem = problemOf(failure);
  if (problem.status < 500) {
    meter.add(metricNames.success);
    log.info("refused", { status: problem.status, reason: failure.message });
    return problem;
  }
  countFailure(failure, meter);
  log.error("the request failed", { error: failure });
  return problem;
};
