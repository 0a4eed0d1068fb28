import type { CompiledPolicy } from "../iam/policy";
import type { Principal } from "../iam/principal";
import type { Archive } from "./archive";
import type { EventEnvelope } from "./envelope";
import { EventBridgeError, invalidRequest } from "./errors";
import { busArn, busNameIn, defaultBus } from "./names";
import type { EventMatcher } from "./pattern";
import type { Schedule } from "./schedule";
import type { Target } from "./target";

/** An event on its way; one out of an archive says which replay it is of. */
export type BusEvent = EventEnvelope & { readonly "replay-name"?: string };

export interface Rule {
  name: string;
  arn: string;
  bus: string;
  description: string | undefined;
  enabled: boolean;
  pattern: { text: string; matches: EventMatcher } | undefined;
  schedule: (Schedule & { expression: string }) | undefined;
  /** Account of whoever made it. */
  creatorAccount: string;
  /** On whose behalf its events are delivered. */
  sender: Principal;
  targets: Map<string, Target>;
}

export interface Bus {
  name: string;
  arn: string;
  description: string | undefined;
  policy: { document: string; compiled: CompiledPolicy } | undefined;
  rules: Map<string, Rule>;
  archives: Archive[];
}

const makeBus = (name: string, description?: string): Bus => ({
  name,
  arn: busArn(name),
  description,
  policy: undefined,
  rules: new Map(),
  archives: [],
});

export const notFound = (what: string): EventBridgeError =>
  new EventBridgeError("ResourceNotFoundException", `${what} does not exist.`);

export const alreadyExists = (what: string): EventBridgeError =>
  new EventBridgeError("ResourceAlreadyExistsException", `${what} already exists.`);

/** The account's event buses. One is always there. */
export class Buses {
  readonly #byName = new Map([[defaultBus, makeBus(defaultBus)]]);

  /** By name or ARN. */
  find(nameOrArn: string = defaultBus): Bus | undefined {
    return this.#byName.get(busNameIn(nameOrArn));
  }

  get(nameOrArn: string = defaultBus): Bus {
    const bus = this.find(nameOrArn);
    if (!bus) throw notFound(`Event bus ${busNameIn(nameOrArn)}`);
    return bus;
  }

  create(name: string, description: string | undefined): Bus {
    if (!/^[\w.-]{1,256}$/.test(name))
      throw invalidRequest(`Parameter Name is not valid. Reason: ${name} is no name of an event bus.`);
    if (this.#byName.has(name)) throw alreadyExists(`Event bus ${name}`);
    const bus = makeBus(name, description);
    this.#byName.set(name, bus);
    return bus;
  }

  all(): Bus[] {
    return [...this.#byName.values()];
  }

  rule(name: string, busNameOrArn?: string): Rule {
    const bus = this.get(busNameOrArn);
    const rule = bus.rules.get(name);
    if (!rule)
      throw new EventBridgeError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${bus.name}.`);
    return rule;
  }
}
