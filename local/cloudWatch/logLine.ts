/** One line of a log. It is read as JSON at most once, however many look into it, and only if one of them does. */
export interface LogLine {
  readonly text: string;
  /** Undefined unless the whole line is a JSON object. */
  readonly json: () => Record<string, unknown> | undefined;
}

const parse = (text: string): Record<string, unknown> | undefined => {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
};

export const logLine = (text: string): LogLine => {
  let parsed: { value: Record<string, unknown> | undefined } | undefined;
  return {
    text,
    json: () => {
      parsed ??= { value: parse(text) };
      return parsed.value;
    },
  };
};
