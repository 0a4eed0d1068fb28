import { account, type Cloud, region } from "../cloud/cloud";
import { roleSession } from "../iam/principal";
import { machineAlreadyExists, machineDoesNotExist } from "./errors";
import { readDefinition } from "./language/definition";
import { checkName, stateMachineArn } from "./names";
import type { StateMachine } from "./stateMachine";

/** How AWS wants to be told of a log group. */
export const logDestination = (group: string): string => `arn:aws:logs:${region}:${account}:log-group:${group}:*`;

/** What AWS does in the role's name when a state machine that logs is made. */
const logActions = [
  "logs:CreateLogDelivery",
  "logs:ListLogDeliveries",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:PutResourcePolicy",
];

const longestSession = 64;

export type Wanted = Pick<StateMachine, "name" | "type" | "definition" | "roleArn" | "logging" | "tracing" | "tags">;

/** The state machines that were declared. */
export class StateMachines {
  readonly #byArn = new Map<string, StateMachine>();

  constructor(
    private readonly cloud: Cloud,
    /** Throws unless Step Functions may work under this role. */
    private readonly assertAssumable: (roleArn: string) => void,
  ) {}

  all(): StateMachine[] {
    return [...this.#byArn.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  get(arn: string): StateMachine | undefined {
    return this.#byArn.get(arn);
  }

  find(arn: string): StateMachine {
    const machine = this.#byArn.get(arn);
    if (!machine) throw machineDoesNotExist(arn);
    return machine;
  }

  create(wanted: Wanted): StateMachine {
    const { name, definition, roleArn, logging } = wanted;
    const arn = stateMachineArn(checkName(name));
    if (this.#byArn.has(arn)) throw machineAlreadyExists(arn);
    this.assertAssumable(roleArn);
    const role = roleSession(roleArn, name.slice(0, longestSession));
    if (logging.group !== undefined) {
      for (const action of logActions) this.cloud.authorise(role, { action, resource: "*" });
    }
    const machine: StateMachine = {
      ...wanted,
      arn,
      machine: readDefinition(definition),
      role,
      accessKeyId: this.cloud.issueCredentials(role).accessKeyId,
      createdAt: this.cloud.clock.now(),
    };
    this.#byArn.set(arn, machine);
    return machine;
  }
}
