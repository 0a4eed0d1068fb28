import { S3Client } from "@aws-sdk/client-s3";
import { clientSettings, once } from "./client";

export const s3 = once(() => new S3Client(clientSettings));
