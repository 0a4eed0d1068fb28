import { AwsError, unsupported } from "../../cloud/awsError";
import { type CorsRule, checkRules } from "../cors/rule";
import { malformedXml } from "../errors";
import type { Bucket } from "../store/bucket";
import type { S3Request } from "../wire/protocol";
import { childrenOf, type Element, parseXml, strangerIn, textOf } from "../wire/xmlDocument";

const known = ["ID", "AllowedOrigin", "AllowedMethod", "AllowedHeader", "ExposeHeader", "MaxAgeSeconds"];

const ruleIn = (element: Element): CorsRule => {
  const stranger = strangerIn(element, known);
  if (stranger) throw unsupported(`${stranger} of a bucket's CORS`);
  const texts = (name: string) => childrenOf(element, name).map(({ text }) => text);
  const [id, age] = [textOf(element, "ID"), textOf(element, "MaxAgeSeconds")];
  const rule: CorsRule = {
    ...(id !== undefined && { id }),
    origins: texts("AllowedOrigin"),
    methods: texts("AllowedMethod"),
    headers: texts("AllowedHeader"),
    expose: texts("ExposeHeader"),
    ...(age !== undefined && { maxAgeSeconds: Number(age) }),
  };
  if (rule.origins.length === 0 || rule.methods.length === 0) throw malformedXml();
  return rule;
};

export const setCors = (bucket: Bucket, cors: readonly CorsRule[]): void => {
  checkRules(cors);
  bucket.configure({ cors });
};

export const putCors = (bucket: Bucket, { body }: S3Request): void =>
  setCors(bucket, childrenOf(parseXml(body, "CORSConfiguration"), "CORSRule").map(ruleIn));

export const corsOf = ({ name, settings: { cors } }: Bucket) => {
  if (cors.length === 0) {
    throw new AwsError("NoSuchCORSConfiguration", "The CORS configuration does not exist", 404, { BucketName: name });
  }
  return {
    CORSRule: cors.map(({ id, origins, methods, headers, expose, maxAgeSeconds }) => ({
      ID: id,
      AllowedOrigin: [...origins],
      AllowedMethod: [...methods],
      AllowedHeader: [...headers],
      ExposeHeader: [...expose],
      MaxAgeSeconds: maxAgeSeconds,
    })),
  };
};
