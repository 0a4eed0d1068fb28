export interface OutputListener {
  onLine: (line: string) => void;
  /** The worker has written all that belongs to this invocation. */
  onMark: (requestId: string) => void;
}

/**
 * Cuts what a worker writes into lines. Output and answers come by different ways, so the worker marks in its output
 * where an invocation ends; the mark holds the worker's secret id, which no ordinary line can contain.
 */
export const readOutput = (workerId: string, { onLine, onMark }: OutputListener) => {
  const mark = `\u0000${workerId} `;
  let rest = "";
  const line = (text: string) => {
    const at = text.indexOf(mark);
    const written = at < 0 ? text : text.slice(0, at);
    if (written !== "") onLine(written);
    if (at >= 0) onMark(text.slice(at + mark.length));
  };
  return {
    push: (chunk: string): void => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(line);
    },
    end: (): void => {
      line(rest);
      rest = "";
    },
  };
};
