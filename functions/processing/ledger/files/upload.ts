import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import * as v from "valibot";
import { clientSettings, once } from "../../aws/client";
import { env } from "../../environment";
import { serve } from "../../http/api";
import { etag } from "../../http/request";
import { commit, record } from "../commit";
import { type File, newFile } from "../file";
import { orderedId } from "../keys";
import { fileView, requestUpload } from "../operations/files";
import { count, ownRows } from "../query";
import { filesTable } from "../row";
import { accountStays } from "../standing";
import { requireAccount } from "../transactions/one";
import { tooMany } from "../views";

export const mostFiles = 10_000;
const validSeconds = 900;

/** Signs no checksum: that of the empty body, which is all there is when it signs, would refuse every upload. */
const signer = once(() => new S3Client({ ...clientSettings, requestChecksumCalculation: "WHEN_REQUIRED" }));

/** An address to which exactly this file can be put, and only of the size that was said. */
const addressOf = async ({ s3Key, fileSize }: File, now: number) => {
  const command = new PutObjectCommand({
    Bucket: env("UPLOADS_BUCKET"),
    Key: s3Key,
    ContentLength: fileSize,
    ContentType: "application/octet-stream",
  });
  const url = await getSignedUrl(signer(), command, {
    expiresIn: validSeconds,
    signingDate: new Date(now),
    signableHeaders: new Set(["host", "content-length", "content-type"]),
  });
  return {
    method: "PUT",
    url,
    headers: { "content-type": "application/octet-stream", "content-length": String(fileSize) },
    expiresAt: new Date(now + validSeconds * 1_000).toISOString(),
  };
};

export const servedRequestUpload = serve(requestUpload, async ({ owner, body, act, keep }, run) => {
  if (body.accountId !== undefined) await requireAccount(owner, body.accountId, "#/accountId", run);
  if ((await count(ownRows(filesTable, owner), run)) >= mostFiles) throw tooMany("files", mostFiles);
  const file = newFile(owner, orderedId(act.at, run.newId()), body, act);
  const told = {
    status: 201,
    body: { file: v.parse(fileView, file), upload: await addressOf(file, act.at) },
    headers: { ...etag(file.version), location: `/files/${file.fileId}` },
  };
  const entry = record("file.requested", `FILE#${file.fileId}`, [], act, file.fileId);
  const stays = body.accountId === undefined ? [] : [accountStays(owner, body.accountId)];
  await commit([{ rows: [{ table: filesTable, after: file }], tells: [entry] }], run, [...stays, ...keep(told)]);
  return told;
});
