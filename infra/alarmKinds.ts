/** `critical`: data or people wait for somebody, whatever the hour. `warning`: it can wait for the morning. */
export type Severity = "critical" | "warning";

/** Every kind of alarm, and how much it matters. Each has a page in docs/runbooks, under its name. */
export const alarmKinds = {
  "analyses-failed": "warning",
  "analyses-stale": "critical",
  "api-errors": "critical",
  "api-latency": "warning",
  "bus-unreachable": "critical",
  cache: "warning",
  "dead-letter-rate": "warning",
  "dead-letters": "critical",
  delay: "warning",
  denied: "critical",
  duplicates: "warning",
  duration: "warning",
  "error-category": "warning",
  failures: "critical",
  "iterator-age": "critical",
  "jobs-delay": "critical",
  "letters-failures": "critical",
  "letters-of-runs": "critical",
  "letters-undelivered": "critical",
  "letters-waiting": "warning",
  memory: "warning",
  "outbox-age": "critical",
  "outbox-silent": "critical",
  "pending-age": "critical",
  "pending-overdue": "critical",
  "put-aside": "critical",
  retries: "warning",
  rule: "critical",
  "run-dead-letters": "critical",
  "run-failures": "warning",
  search: "warning",
  "shadow-different": "warning",
  "shadow-missing": "warning",
  "state-errors": "critical",
  "stream-lost": "critical",
  "stream-stage": "critical",
  undelivered: "critical",
  validation: "warning",
  "workflow-failures": "critical",
} as const satisfies Record<string, Severity>;

export type AlarmKind = keyof typeof alarmKinds;

export const runbookOf = (kind: AlarmKind): string => `docs/runbooks/${kind}.md`;

/** What whoever is woken reads first: what happened, how bad it is, and where it says what to do. */
export const alarmText = (description: string, kind: AlarmKind): string =>
  `${description} (${alarmKinds[kind]}). Runbook: ${runbookOf(kind)}`;
