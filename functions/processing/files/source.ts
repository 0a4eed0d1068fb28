import { GetObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "../aws/s3";
import type { Run } from "../consume/run";
import { refusal } from "../statements/refuse";
import type { StatementSource } from "../statements/statement";
import type { Upload } from "./upload";

/** Small enough for one answer in good time; while it is worked on, no connection is held open. */
const partBytes = 1024 * 1024;
const pieceBytes = 64 * 1024;

const gone = new Set(["NoSuchKey", "NoSuchVersion", "NotFound", "PreconditionFailed", "InvalidRange"]);

/** The version that arrived, or else the object as long as it has the content that arrived. */
const pinned = ({ versionId, etag }: Upload) =>
  versionId === undefined ? { IfMatch: `"${etag}"` } : { VersionId: versionId };

const readPart = async (upload: Upload, from: number, to: number): Promise<Uint8Array> => {
  try {
    const { Body } = await s3().send(
      new GetObjectCommand({
        Bucket: upload.bucket,
        Key: upload.key,
        Range: `bytes=${from}-${to}`,
        ...pinned(upload),
      }),
    );
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    if (error instanceof Error && gone.has(error.name)) {
      throw refusal("file", "was replaced or deleted before it was read: upload it as a new file");
    }
    throw error;
  }
};

/** The content that was uploaded, and no other, however often it is read. */
export const sourceOf = (upload: Upload, run: Run): StatementSource => ({
  open: async function* () {
    for (let from = 0; from < upload.size; from += partBytes) {
      const to = Math.min(from + partBytes, upload.size) - 1;
      const part = await run.call("GetObject", "aws", () => readPart(upload, from, to));
      for (let at = 0; at < part.length; at += pieceBytes) yield part.subarray(at, at + pieceBytes);
    }
  },
});
