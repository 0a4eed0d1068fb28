import { S3Client } from "@aws-sdk/client-s3";
import { clientSettings, once, quiet } from "./client";

export const s3 = once(() => quiet(new S3Client(clientSettings)));
