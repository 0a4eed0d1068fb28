import { AwsError, unsupported } from "../cloud/awsError";
import type { Cloud } from "../cloud/cloud";
import { faultError } from "../cloud/faults";
import type { Call, HttpAnswer, HttpRequest, Operation, Service, WebRequest } from "../cloud/service";
import { correlationIdIn } from "../cloud/trace";
import { anonymous, type Principal } from "../iam/principal";
import { awsQuery } from "./awsQuery";
import { isSigned, isSignedByVersion2, readCredential, refuseVersion2 } from "./credential";
import { isForThisMachine, isOfPageElsewhere } from "./visitor";

const asAwsError = (error: unknown): AwsError =>
  error instanceof AwsError
    ? error
    : new AwsError(
        "InternalFailure",
        `The embedded cloud failed: ${error instanceof Error ? error.stack : error}`,
        500,
      );

const denied = (why: string): AwsError => new AwsError("AccessDenied", why, 403);

const forForms = awsQuery({ namespace: "http://webservices.amazon.com/AWSFault/2005-15-09" });

/** For a call of no service here: as its client is likely to understand it. */
const plainRefusal = ({ headers }: HttpRequest, error: AwsError, requestId: string): HttpAnswer =>
  headers["content-type"]?.startsWith("application/x-www-form-urlencoded")
    ? forForms.refuse(error, requestId)
    : {
        status: error.status,
        headers: { "content-type": "application/json", "x-amzn-requestid": requestId, "x-amzn-errortype": error.code },
        body: JSON.stringify({ __type: error.code, message: error.message }),
      };

const complete = ({ site }: Service, http: HttpRequest, answer: HttpAnswer): HttpAnswer =>
  site?.complete?.(http, answer) ?? answer;

/** Takes one signed request through who, what, whether, and then does it. */
export const makeCalls = (cloud: Cloud, services: readonly Service[]) => {
  const bySigningName = new Map(services.map((service) => [service.signingName, service]));

  const callable = services
    .filter(({ operations }) => Object.keys(operations).length > 0)
    .map(({ signingName }) => signingName)
    .sort();

  const find = (http: HttpRequest): { service: Service; callerOf: () => Principal } => {
    const s3 = isSignedByVersion2(http) ? bySigningName.get("s3") : undefined;
    if (s3) return { service: s3, callerOf: refuseVersion2 };
    const open = services.find((one) => one.unsigned?.(http));
    if (open && !isSigned(http)) return { service: open, callerOf: () => anonymous };
    const credential = readCredential(http);
    const service = bySigningName.get(credential.service);
    if (!service) {
      throw unsupported(`the service ${credential.service}; there are ${callable.join(", ")}`);
    }
    if (isOfPageElsewhere(http) && !service.site?.admits?.(http)) {
      throw denied(
        "The embedded cloud takes no calls from pages of other sites, which could act for whoever looks at them.",
      );
    }
    return { service, callerOf: () => cloud.principalOf(credential.accessKeyId) };
  };

  const operationOf = (service: Service, http: HttpRequest): { name: string; input: unknown; operation: Operation } => {
    const parsed = service.protocol.parse(http);
    if (!parsed) throw unsupported(`${http.method} ${http.path} of ${service.signingName}`);
    const operation = service.operations[parsed.operation];
    if (!operation) throw unsupported(`${service.signingName}:${parsed.operation}`);
    return { name: parsed.operation, input: parsed.input, operation };
  };

  const carryOut = async (service: Service, call: Call): Promise<HttpAnswer> => {
    const { name, input, operation } = operationOf(service, call.http);
    const aim = { service: service.signingName, operation: name, caller: call.caller.name };
    const startedAt = cloud.clock.now();
    const realStart = performance.now();
    const accesses = [operation.access(input as never, call)].flat();
    const span = (outcome: string) =>
      cloud.trace.add({
        at: startedAt,
        durationMs: performance.now() - realStart,
        service: aim.service,
        operation: name,
        resource: accesses[0]?.resource ?? "*",
        caller: aim.caller,
        outcome,
        correlationId: correlationIdIn(call.http.body.toString("utf8")),
      });
    try {
      for (const access of accesses) cloud.authorise(call.caller, access);
      const struck = cloud.faults.strike(aim, "throttle", "serverError", "latency");
      if (struck?.kind === "latency") await new Promise((later) => setTimeout(later, struck.ms ?? 1_000));
      else if (struck) throw faultError(struck, aim.service);
      const output = await operation.run(input as never, call);
      const lost = cloud.faults.strike(aim, "lostAnswer");
      if (lost) throw faultError({ ...lost, kind: "serverError" }, aim.service);
      span("done");
      return service.protocol.answer(name, output, call.requestId);
    } catch (error) {
      span(asAwsError(error).code);
      throw error;
    }
  };

  return async (http: HttpRequest, requestId = cloud.newId()): Promise<HttpAnswer> => {
    let service: Service | undefined;
    let done = cloud.activity.begin("call");
    const waiting = async <T>(work: () => Promise<T>): Promise<T> => {
      done();
      try {
        return await work();
      } finally {
        done = cloud.activity.begin("call");
      }
    };
    try {
      const found = find(http);
      service = found.service;
      const caller = found.callerOf();
      return complete(service, http, await carryOut(service, { caller, http, requestId, waiting }));
    } catch (error) {
      const refusal = asAwsError(error);
      if (!service) return plainRefusal(http, refusal, requestId);
      return complete(service, http, service.protocol.refuse(refusal, requestId));
    } finally {
      done();
    }
  };
};

/** Answers whatever comes to the gateway: for the services' sites, or a call of their APIs. */
export const makePipeline = (
  cloud: Cloud,
  services: readonly Service[],
): ((http: WebRequest) => Promise<HttpAnswer>) => {
  const call = makeCalls(cloud, services);
  const sites = services.flatMap(({ site }) => (site?.answer ? [site.answer] : []));

  const visit = (http: WebRequest, requestId: string): Promise<HttpAnswer> | undefined => {
    for (const answer of sites) {
      const answered = answer(http, requestId);
      if (answered) return answered;
    }
    return undefined;
  };

  const answered = async (http: WebRequest): Promise<HttpAnswer> => {
    const requestId = cloud.newId();
    try {
      if (!isForThisMachine(http)) {
        const meant = http.headers["host"] || "no name";
        throw denied(`The embedded cloud answers to 127.0.0.1 and localhost, not to ${meant}.`);
      }
      return await (visit(http, requestId) ?? call(http, requestId));
    } catch (error) {
      return plainRefusal(http, asAwsError(error), requestId);
    }
  };

  return async (http) => {
    const answer = await answered(http);
    // An SDK takes the time by which it signs from here: it is the cloud's, which functions go by too.
    return { ...answer, headers: { ...answer.headers, date: new Date(cloud.clock.now()).toUTCString() } };
  };
};
