import type { AlarmKind } from "../alarmKinds";
import { alarmKinds, type Severity } from "../alarmKinds";
import type { Alarm } from "../alarms";
import type { Line } from "./line";
import { alarmStates, type Limit, type Widget } from "./widget";

/** CloudWatch shows no more in one widget. */
const alarmsPerWidget = 100;

const ofKind = (alarms: readonly Alarm[], kind: AlarmKind) =>
  alarms.flatMap(({ definition }) => (definition.kind === kind ? [definition] : []));

/** What alarms of a kind watch, each under the name of what it is about. */
export const watchedBy = (alarms: readonly Alarm[], kind: AlarmKind): Line[] =>
  ofKind(alarms, kind).map(({ name, metrics, expression }) => ({
    label: name.replace(`-${kind}`, ""),
    metrics,
    ...(expression in metrics ? {} : { expression }),
  }));

/** The same, in per cent of the level at which the alarm goes on. */
export const nearness = (alarms: readonly Alarm[], kind: AlarmKind): Line[] =>
  ofKind(alarms, kind).map(({ name, metrics, expression, threshold }) => ({
    label: name.replace(`-${kind}`, ""),
    metrics,
    expression: `100 * (${expression}) / ${threshold}`,
  }));

/** The level at which alarms of a kind go on, all at the same. */
export const limitOf = (alarms: readonly Alarm[], kind: AlarmKind): Limit | undefined => {
  const [threshold, another] = new Set(ofKind(alarms, kind).map((definition) => definition.threshold));
  if (threshold === undefined || another !== undefined) return undefined;
  return { label: `alarm: ${threshold}`, value: threshold };
};

const titles: Record<Severity, string> = { critical: "Critical", warning: "Warning" };

/** Every alarm there is, in as few widgets as can hold them. */
export const alarmWidgets = (alarms: readonly Alarm[]): Widget[] =>
  (Object.keys(titles) as Severity[]).flatMap((severity) => {
    const arns = alarms.flatMap(({ definition: { kind }, resource }) =>
      alarmKinds[kind] === severity ? [resource.arn] : [],
    );
    const count = Math.ceil(arns.length / alarmsPerWidget);
    const each = Math.ceil(arns.length / count);
    return Array.from({ length: count }, (_, at) =>
      alarmStates(
        `${titles[severity]} alarms${count > 1 ? ` ${at + 1}/${count}` : ""}`,
        arns.slice(at * each, (at + 1) * each),
      ),
    );
  });
