export type Line = Record<string, unknown>;

/** Takes the lines of JSON that are written to a stream meanwhile; gives the rest, and later the stream, back. */
const tap = (stream: NodeJS.WriteStream, written: string[]): (() => void) => {
  const write = stream.write.bind(stream);
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const text = chunk.toString();
    if (!text.startsWith("{")) return write(chunk, ...(rest as []));
    written.push(text);
    return true;
  }) as typeof stream.write;
  return () => {
    stream.write = write;
  };
};

/** What a function wrote meanwhile, as a Lambda's log would have it. */
export const captureOutput = async <T>(work: () => Promise<T>): Promise<{ result: T; lines: Line[] }> => {
  const written: string[] = [];
  const restore = [process.stdout, process.stderr].map((stream) => tap(stream, written));
  try {
    const result = await work();
    return {
      result,
      lines: written.flatMap((text) => text.trim().split("\n")).map((line) => JSON.parse(line) as Line),
    };
  } finally {
    for (const giveBack of restore) giveBack();
  }
};
