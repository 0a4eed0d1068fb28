/** The statement of a resource policy that turns away whoever comes without TLS. */
export const tlsOnly = (action: string, resource: string | string[]) => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: resource,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
