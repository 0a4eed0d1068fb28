import type { Protocol } from "../cloud/service";
import { escapeXml, toXml } from "./xml";

/** The protocol of older services: form fields in, XML out. Input is the fields as they came: `Tags.member.1.Key`. */
export const awsQuery = ({ namespace }: { namespace: string }): Protocol => ({
  parse: (http) => {
    const fields = Object.fromEntries(new URLSearchParams(http.body.toString("utf8")));
    const operation = fields["Action"];
    return operation ? { operation, input: fields } : undefined;
  },
  answer: (operation, output, requestId) => ({
    status: 200,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body:
      `<${operation}Response xmlns="${namespace}"><${operation}Result>${toXml(output)}</${operation}Result>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
  }),
  refuse: (error, requestId) => ({
    status: error.status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body:
      `<ErrorResponse xmlns="${namespace}"><Error><Type>${error.status < 500 ? "Sender" : "Receiver"}</Type>` +
      `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error>` +
      `<RequestId>${requestId}</RequestId></ErrorResponse>`,
  }),
});

/** What a call was given, by the names that it has for AWS: a list or a map counts once. */
export const parametersIn = (fields: Readonly<Record<string, string>>): Set<string> => {
  const names = new Set(Object.keys(fields).map((name) => name.split(".")[0] ?? ""));
  for (const addressing of ["Action", "Version"]) names.delete(addressing);
  return names;
};

/** The members of a list in query fields, in order: `list(fields, "Tags.member")`. */
export const listField = (fields: Record<string, string>, prefix: string): Record<string, string>[] => {
  const items = new Map<number, Record<string, string>>();
  for (const [name, value] of Object.entries(fields)) {
    if (!name.startsWith(`${prefix}.`)) continue;
    const [at = "", ...rest] = name.slice(prefix.length + 1).split(".");
    const item = items.get(Number(at)) ?? {};
    item[rest.join(".")] = value;
    items.set(Number(at), item);
  }
  return [...items].sort(([a], [b]) => a - b).map(([, item]) => item);
};
