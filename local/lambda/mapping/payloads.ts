/** Of an invocation's payload, with room for what surrounds the records. */
export const largestPayload = 6 * 1_024 * 1_024 - 64;

/** Cuts a batch where its records would no longer fit into one invocation. */
export const payloads = <Record>(records: readonly Record[]): { records: Record[]; payload: Buffer }[] => {
  const parts: { records: Record[]; texts: string[]; bytes: number }[] = [];
  for (const record of records) {
    const text = JSON.stringify(record);
    const bytes = Buffer.byteLength(text) + 1;
    const part = parts.at(-1);
    if (part && part.bytes + bytes <= largestPayload) {
      part.records.push(record);
      part.texts.push(text);
      part.bytes += bytes;
    } else {
      parts.push({ records: [record], texts: [text], bytes });
    }
  }
  return parts.map((part) => ({
    records: part.records,
    payload: Buffer.from(`{"Records":[${part.texts.join(",")}]}`),
  }));
};
