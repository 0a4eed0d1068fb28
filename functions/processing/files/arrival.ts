import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { derivedId } from "../events/derivedId";
import { fileUploaded } from "../events/fileUploaded";
import { Failure } from "../failure";
import { type Act, commit, record, tell } from "../ledger/commit";
import { type File, fileRow } from "../ledger/file";
import { readUploadKey } from "../ledger/keys";
import { readFileRow } from "../ledger/read";
import { filesTable } from "../ledger/row";
import type { Upload } from "./upload";

/** A file whose content is there, and in whose name the ledger is changed because of it. */
export interface Arrived {
  file: File;
  act: Act;
}

const uploaded = ({ eventId, correlationId }: Upload, owner: string, at: number): Act => ({
  owner,
  changeId: eventId,
  at,
  correlationId,
});

const arrive = async (before: File, upload: Upload, run: Run): Promise<File> => {
  const act = uploaded(upload, before.owner, run.now());
  const after = fileRow({
    ...before,
    status: "uploaded",
    uploadedContent: upload.content,
    version: before.version + 1,
    updatedAt: new Date(act.at).toISOString(),
    change_id: act.changeId,
  });
  const { fileId, fileName, s3Key, accountId, fileFormat } = after;
  const event = tell(
    fileUploaded,
    {
      fileId,
      fileName,
      fileSize: upload.size,
      s3Key,
      ...(accountId !== undefined && { accountId }),
      ...(fileFormat !== undefined && { fileFormat }),
    },
    act,
  );
  await commit([{ rows: [{ table: filesTable, before, after }], tells: [event] }], run);
  return after;
};

export const deleted = "deleted before it was read";
const settled: readonly File["status"][] = ["success", "partial", "failed"];

/** Notes that a file's content has come, once; or says why nothing is to be done about it. */
export const noteArrival = async (upload: Upload, run: Run): Promise<Arrived | string> => {
  const place = readUploadKey(upload.key);
  if (!place) {
    throw new Failure("validation", "event.detail.object.key must be that of an upload", {
      origin: "input",
      field: "event.detail.object.key",
    });
  }
  const { owner, fileId } = place;
  return overtaken(run, async () => {
    const file = await readFileRow(owner, fileId, run);
    if (!file) {
      throw new Failure("validation", "event.detail.object.key must be that of a file that was announced", {
        origin: "input",
        field: "event.detail.object.key",
      });
    }
    if (file.status === "removing") return deleted;
    const noted = file.status === "awaiting_upload" ? await arrive(file, upload, run) : file;
    if (noted.uploadedContent !== upload.content) return "uploaded again: what came first counts";
    if (settled.includes(noted.status)) return "read before";
    const { changeId } = uploaded(upload, owner, 0);
    const causationId = derivedId(fileUploaded.type, changeId, 0);
    const act = { ...uploaded(upload, owner, run.now()), changeId: derivedId("reading", changeId), causationId };
    return { file: noted, act };
  });
};

/** Shows the owner that it is being read; or says that it went meanwhile. */
export const noteReading = (arrived: Arrived, run: Run): Promise<Arrived | string> =>
  overtaken(run, async () => {
    const { file, act } = arrived;
    const before = await readFileRow(act.owner, file.fileId, run);
    if (!before || before.status === "removing") return deleted;
    if (before.status !== "uploaded") return { file: before, act };
    const after = { ...before, status: "processing" as const, version: before.version + 1, change_id: act.changeId };
    const change = { field: "status", oldValue: before.status, newValue: after.status };
    const entry = record("file.reading", `FILE#${file.fileId}`, [change], act);
    await commit([{ rows: [{ table: filesTable, before, after }], tells: [entry] }], run);
    return { file: after, act };
  });
