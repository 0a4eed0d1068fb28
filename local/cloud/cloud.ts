import { randomBytes, randomUUID } from "node:crypto";
import { account, region } from "../engine/site";
import type { Facts } from "../iam/context";
import { decide } from "../iam/decide";
import type { CompiledPolicy } from "../iam/policy";
import { administrator, type Principal } from "../iam/principal";
import { Activity } from "./activity";
import { AwsError } from "./awsError";
import { Clock } from "./clock";
import { Faults } from "./faults";
import { Meter } from "./meter";
import { Trace } from "./trace";

export { account, region };

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/** What must be allowed before a call is carried out. */
export interface Access {
  action: string;
  /** An ARN, or "*" where the action knows no resources. */
  resource: string;
  context?: Facts;
  /** The resource's own policy, if it has one. */
  policy?: CompiledPolicy | undefined;
}

export interface Message {
  /** ARN of a queue, function, topic or bus. */
  to: string;
  body: string;
  /** On whose behalf: the service, and the resource of ours for which it acts. */
  from: Principal;
  /** Carried along where the target has attributes. */
  attributes?: Record<string, string>;
  /** Only asks whether it would be taken. */
  trial?: boolean;
}

/** Takes what one service hands to another; refuses by AwsError. The target's own policy has been asked by then. */
export type Delivery = (message: Message) => Promise<void>;

/** What all services of the embedded cloud share. It knows none of them. */
export class Cloud {
  readonly clock: Clock;
  readonly activity = new Activity();
  readonly faults = new Faults();
  readonly meter = new Meter();
  readonly trace = new Trace();
  /** Of the gateway; set once it listens. */
  endpoint = "";
  readonly newId: () => string;
  /** May functions call what is not on this machine? */
  readonly outside: boolean;

  readonly #principals = new Map<string, Principal>();
  readonly #credentials = new Map<string, Credentials>();
  readonly #rolePolicies = new Map<string, Map<string, CompiledPolicy>>();
  readonly #deliveries = new Map<string, Delivery>();

  constructor(options: { clock?: Clock; newId?: () => string; outside?: boolean } = {}) {
    this.clock = options.clock ?? new Clock();
    this.newId = options.newId ?? randomUUID;
    this.outside = options.outside ?? false;
    this.#principals.set("local", administrator(`arn:aws:iam::${account}:user/local`));
    this.#credentials.set("local", { accessKeyId: "local", secretAccessKey: "local", sessionToken: "" });
  }

  /** Makes keys by which the gateway will know `principal`. */
  issueCredentials(principal: Principal): Credentials {
    const accessKeyId = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
    const credentials = {
      accessKeyId,
      secretAccessKey: randomBytes(20).toString("hex"),
      sessionToken: randomBytes(24).toString("hex"),
    };
    this.#principals.set(accessKeyId, principal);
    this.#credentials.set(accessKeyId, credentials);
    return credentials;
  }

  revokeCredentials(accessKeyId: string): void {
    this.#principals.delete(accessKeyId);
    this.#credentials.delete(accessKeyId);
  }

  /** For whoever checks a signature. */
  credentialsOf(accessKeyId: string): Credentials | undefined {
    return this.#credentials.get(accessKeyId);
  }

  principalOf(accessKeyId: string): Principal {
    const principal = this.#principals.get(accessKeyId);
    if (!principal) {
      throw new AwsError(
        "UnrecognizedClientException",
        `The security token included in the request is invalid: access key ${accessKeyId} is not known here. Use local/local from outside.`,
        403,
      );
    }
    return principal;
  }

  putRolePolicy(roleArn: string, name: string, policy: CompiledPolicy): void {
    const policies = this.#rolePolicies.get(roleArn) ?? new Map<string, CompiledPolicy>();
    policies.set(name, policy);
    this.#rolePolicies.set(roleArn, policies);
  }

  /** Throws AWS's refusal unless `principal` may. */
  authorise(principal: Principal, { action, resource, context = {}, policy }: Access): void {
    const owner = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1] ?? account;
    const decision = decide(
      {
        principal,
        action,
        resource,
        context: {
          "aws:SecureTransport": "true",
          "aws:CurrentTime": new Date(this.clock.now()).toISOString(),
          "aws:RequestedRegion": region,
          ...context,
        },
      },
      {
        identity: principal.arns.flatMap((arn) => [...(this.#rolePolicies.get(arn)?.values() ?? [])]),
        resource: policy,
        sameAccount: principal.account === undefined || principal.account === owner,
      },
    );
    if (!decision.allowed) throw new AwsError("AccessDeniedException", decision.reason, 403);
  }

  /** Registers who takes messages for resources of an ARN's service, such as `sqs`. */
  onDelivery(service: string, delivery: Delivery): void {
    this.#deliveries.set(service, delivery);
  }

  /** Hands a message from one service to another, as AWS does inside itself. */
  async deliver(message: Message): Promise<void> {
    const [, , service = ""] = message.to.split(":");
    const delivery = this.#deliveries.get(service);
    if (!delivery) throw new AwsError("ValidationException", `The embedded cloud cannot deliver to ${message.to}`);
    await this.activity.during(`delivery to ${service}`, () => delivery(message));
  }
}
