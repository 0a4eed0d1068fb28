import { writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Certificate {
  /** Paths of PEM files. The certificate vouches for itself: who trusts it needs no other. */
  certificate: string;
  key: string;
  /** What is in the first of them. */
  pem: string;
}

/** TLS looks at the real time, which no turning of the cloud's clock may take out of these bounds. */
const notBeforeDate = new Date("2020-01-01T00:00:00Z");
const notAfterDate = new Date("2049-12-31T00:00:00Z");

/** Makes what a server on the loopback interface shows to its clients. */
export const makeCertificate = async (folder: string): Promise<Certificate> => {
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: "Signal9 embedded cloud" }], {
    algorithm: "sha256",
    keyType: "ec",
    notBeforeDate,
    notAfterDate,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  const certificate = join(folder, "certificate.pem");
  const key = join(folder, "key.pem");
  await writeFile(key, made.private, { mode: 0o600 });
  await writeFile(certificate, made.cert);
  return { certificate, key, pem: made.cert };
};

/** One for all that is served here over TLS, made when it is first asked for. */
export const sharedCertificate = (folder: string): (() => Promise<Certificate>) => {
  let made: Promise<Certificate> | undefined;
  return () => {
    made ??= makeCertificate(folder);
    return made;
  };
};
