import { serve } from "../../http/api";
import { notFound } from "../../http/problem";
import { fileView, getFile, listFiles } from "../operations/files";
import { ownRows } from "../query";
import { readFile } from "../read";
import { filesTable } from "../row";
import { pageOfRows, shown } from "../views";

export const servedListFiles = serve(listFiles, ({ owner, query: { limit, cursor } }, run) =>
  pageOfRows(
    ownRows(filesTable, owner, true),
    fileView,
    { owner, limit, cursor },
    (row) => row["status"] !== "removing",
    run,
  ),
);

export const servedGetFile = serve(getFile, async ({ owner, params }, run) => {
  const file = await readFile(owner, params.fileId, run);
  if (!file) throw notFound();
  return shown(200, fileView, file);
});
