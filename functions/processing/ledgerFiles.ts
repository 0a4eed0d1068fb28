import { api } from "./http/api";
import { servedAssociateFile, servedDeleteFile } from "./ledger/files/change";
import { servedGetFile, servedListFiles } from "./ledger/files/read";
import { servedRequestUpload } from "./ledger/files/upload";

export const ledgerFiles = api("ledgerFiles", [
  servedListFiles,
  servedRequestUpload,
  servedGetFile,
  servedAssociateFile,
  servedDeleteFile,
]);
