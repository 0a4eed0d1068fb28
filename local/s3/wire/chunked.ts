import { AwsError } from "../../cloud/awsError";

const incomplete = () =>
  new AwsError("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header");

const lineAt = (body: Buffer, from: number): { line: string; next: number } => {
  const end = body.indexOf("\r\n", from);
  if (end < 0) throw incomplete();
  return { line: body.toString("latin1", from, end), next: end + 2 };
};

export interface Decoded {
  body: Buffer;
  /** Headers that came after the body, such as its checksum. */
  trailers: Record<string, string>;
}

const readTrailers = (body: Buffer, from: number): Record<string, string> => {
  const trailers: Record<string, string> = {};
  for (const line of body.toString("latin1", from).split("\r\n")) {
    const cut = line.indexOf(":");
    if (cut > 0) trailers[line.slice(0, cut).trim().toLowerCase()] = line.slice(cut + 1).trim();
  }
  return trailers;
};

/** Takes an `aws-chunked` body apart. Signatures of chunks are not checked, no more than any other here. */
export const decodeChunked = (body: Buffer): Decoded => {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const { line, next } = lineAt(body, at);
    const [size = ""] = line.split(";");
    if (!/^[0-9a-fA-F]+$/.test(size)) throw incomplete();
    const length = Number.parseInt(size, 16);
    if (length === 0) return { body: Buffer.concat(chunks), trailers: readTrailers(body, next) };
    if (next + length > body.length) throw incomplete();
    chunks.push(body.subarray(next, next + length));
    at = lineAt(body, next + length).next;
  }
};
