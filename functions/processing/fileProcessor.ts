import { consumeAsRead } from "./consume/consume";
import { importStatement } from "./files/importStatement";
import { readUpload } from "./files/upload";

export const fileProcessor = consumeAsRead({ name: "fileProcessor", read: readUpload, handle: importStatement });
