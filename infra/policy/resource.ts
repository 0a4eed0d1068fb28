/** A resource as it would be deployed. */
export interface Resource {
  type: string;
  name: string;
  props: Readonly<Record<string, unknown>>;
}

export interface Violation {
  /** `<type> <name>` */
  resource: string;
  message: string;
}

/** Something that must never be deployed. */
export interface Rule {
  name: string;
  description: string;
  /** Sees the whole stack, since some things are wrong only for want of another. */
  judge: (resources: readonly Resource[]) => Violation[];
}

export const ofType = (resources: readonly Resource[], type: string): Resource[] =>
  resources.filter((resource) => resource.type === type);

export const violation = ({ type, name }: Resource, message: string): Violation => ({
  resource: `${type} ${name}`,
  message,
});

/** A rule for one type of resource: says what is wrong with one, or nothing. */
export const each =
  (type: string, wrong: (props: Resource["props"], resource: Resource) => string | undefined) =>
  (resources: readonly Resource[]): Violation[] =>
    ofType(resources, type).flatMap((resource) => {
      const message = wrong(resource.props, resource);
      return message === undefined ? [] : [violation(resource, message)];
    });

export interface Statement {
  Effect: string;
  Principal?: unknown;
  Action?: string | string[];
  Condition?: unknown;
}

export const statementsIn = (policy: unknown): Statement[] => {
  const { Statement = [] } = (typeof policy === "string" ? JSON.parse(policy) : (policy ?? {})) as {
    Statement?: Statement | Statement[];
  };
  return Array.isArray(Statement) ? Statement : [Statement];
};

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
