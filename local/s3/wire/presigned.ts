import { AwsError } from "../../cloud/awsError";
import { type Credentials, region } from "../../cloud/cloud";
import type { HttpRequest } from "../../cloud/service";
import { accessDenied } from "../errors";
import { canonicalRequest, type Scope, signatureOf, stringToSign } from "./signature";

const signing = /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/i;

/** Clocks disagree. */
const aheadMs = 15 * 60_000;
const longestSeconds = 604_800;

const required = ["algorithm", "credential", "date", "expires", "signedheaders", "signature"].map(
  (name) => `x-amz-${name}`,
);

const parameter = (query: URLSearchParams, wanted: string): string | undefined =>
  [...query].find(([name]) => name.toLowerCase() === wanted)?.[1];

const signedAt = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

const wrongParameters = (message: string) => new AwsError("AuthorizationQueryParametersError", message);

interface Presigned {
  accessKeyId: string;
  scope: Scope;
  date: string;
  expires: number;
  signedHeaders: readonly string[];
  signature: string;
  token: string | undefined;
}

const readPresigned = ({ query }: HttpRequest): Presigned => {
  const [algorithm, credential, date, expires, headers, signature] = required.map((name) => parameter(query, name));
  if (!algorithm || !credential || !date || !expires || !headers || !signature) {
    throw wrongParameters(
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    );
  }
  if (algorithm !== "AWS4-HMAC-SHA256") throw wrongParameters('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  if (Number.isNaN(signedAt(date))) {
    throw wrongParameters("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  }
  if (!/^\d+$/.test(expires)) throw wrongParameters("X-Amz-Expires should be a number");
  if (Number(expires) > longestSeconds) {
    throw wrongParameters(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${longestSeconds} seconds`,
    );
  }
  const [accessKeyId = "", day = "", where = "", service = ""] = credential.split("/");
  if (where !== region) {
    throw wrongParameters(
      `Error parsing the X-Amz-Credential parameter; the region '${where}' is wrong; expecting '${region}'`,
    );
  }
  return {
    accessKeyId,
    scope: { day, region: where, service },
    date,
    expires: Number(expires),
    signedHeaders: headers.split(";"),
    signature,
    token: parameter(query, "x-amz-security-token"),
  };
};

const checkTime = ({ date, expires }: Presigned, now: number): void => {
  const from = signedAt(date);
  if (from > now + aheadMs) throw accessDenied("Request is not valid yet");
  const until = from + expires * 1_000;
  if (now <= until) return;
  throw accessDenied("Request has expired", {
    "X-Amz-Expires": expires,
    Expires: new Date(until).toISOString(),
    ServerTime: new Date(now).toISOString(),
  });
};

/** What S3 acts on must have been meant by who signed. */
const checkUnsigned = ({ signedHeaders }: Presigned, { headers }: HttpRequest): void => {
  const unsigned = Object.keys(headers).filter((name) => name.startsWith("x-amz-") && !signedHeaders.includes(name));
  if (unsigned.length === 0) return;
  throw accessDenied("There were headers present in the request which were not signed", {
    HeadersNotSigned: unsigned.join(", "),
  });
};

const checkSignature = (presigned: Presigned, http: HttpRequest, { secretAccessKey }: Credentials): void => {
  const canonical = canonicalRequest(http, presigned.signedHeaders);
  const toSign = stringToSign(canonical, presigned.date, presigned.scope);
  if (signatureOf(toSign, presigned.scope, secretAccessKey) === presigned.signature) return;
  throw new AwsError(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    403,
    {
      AWSAccessKeyId: presigned.accessKeyId,
      StringToSign: toSign,
      SignatureProvided: presigned.signature,
      CanonicalRequest: canonical,
    },
  );
};

/**
 * Refuses a URL whose time is over, or that is not what was signed: other than whoever has keys, who holds a URL may do
 * just what it says.
 */
export const checkPresigned = (
  http: HttpRequest,
  now: number,
  credentialsOf: (accessKeyId: string) => Credentials | undefined,
): void => {
  if (parameter(http.query, "x-amz-credential") === undefined) return;
  const presigned = readPresigned(http);
  const credentials = credentialsOf(presigned.accessKeyId);
  if (!credentials) {
    throw new AwsError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403, {
      AWSAccessKeyId: presigned.accessKeyId,
    });
  }
  if ((presigned.token ?? "") !== credentials.sessionToken) {
    throw new AwsError("InvalidToken", "The provided token is malformed or otherwise invalid.");
  }
  checkTime(presigned, now);
  checkUnsigned(presigned, http);
  checkSignature(presigned, http, credentials);
};

/** A presigned URL carries headers as parameters: takes them back. */
export const hoistedHeaders = ({ query, headers }: HttpRequest): Record<string, string> => {
  const hoisted = [...query].filter(([name]) => /^x-amz-/i.test(name) && !signing.test(name));
  return { ...headers, ...Object.fromEntries(hoisted.map(([name, value]) => [name.toLowerCase(), value])) };
};

export const isSigningParameter = (name: string): boolean => /^x-amz-/i.test(name);
