import { expect } from "chai";
import { findIssuer } from "../../../commands/token/issuer";
import { signInTester } from "../../../commands/token/signIn";
import { hour, minute, type Shared, sharedCloud } from "./sharedCloud";

interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

const statement = "Date,Description,Amount\n2024-01-30,Coffee,-3.50\n";

describe("the ledger over HTTP, with a token", function () {
  this.timeout(120_000);
  let shared: Shared;
  let api: string;
  const signIn = async (user: string): Promise<string> => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const reach = { endpoint: shared.up.url, region: "us-east-1", credentials };
    const issuer = await findIssuer(reach, "dev");
    api = issuer.api;
    return (await signInTester(reach, issuer, user)).AccessToken ?? "";
  };
  const call = async (token: string | undefined, method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const { status, headers } = response;
    return { status, headers, body: (await response.json()) as Record<string, unknown> };
  };
  const open = async (token: string): Promise<string> => {
    const made = await call(token, "POST", "/accounts", { name: "Everyday", type: "checking", currency: "EUR" });
    expect(made.status).to.equal(201);
    return String(made.body["accountId"]);
  };

  before(async () => {
    shared = await sharedCloud();
  });
  beforeEach(() => shared.newDay());
  after(() => shared.newDay());

  it("tells anybody what may be asked, and nobody else's tokens anything more", async () => {
    const ann = await signIn("ann");
    const described = await call(undefined, "GET", "/openapi.json");
    expect([described.status, described.body["openapi"]]).to.deep.equal([200, "3.1.0"]);
    expect((await call(undefined, "GET", "/accounts")).status).to.equal(401);
    const [head = "", claims = "", signature = ""] = ann.split(".");
    const bob = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(claims, "base64url").toString()), sub: "bob" }),
    ).toString("base64url");
    const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
    for (const forged of [`${head}.${bob}.${signature}`, `${unsigned}.${claims}.`, `${head}.${claims}.`, "nonsense"]) {
      expect((await call(forged, "GET", "/accounts")).status, forged).to.equal(401);
    }
    expect((await call(ann, "GET", "/accounts")).status).to.equal(200);
    await shared.up.turn(hour + minute);
    expect((await call(ann, "GET", "/accounts")).status).to.equal(401);
  });

  it("answers what is another's as it answers what is not there", async () => {
    const [ann, bob] = [await signIn("ann"), await signIn("bob")];
    const accountId = await open(ann);
    expect((await call(ann, "GET", `/accounts/${accountId}`)).status).to.equal(200);
    for (const [method, body] of [
      ["GET", undefined],
      ["PATCH", { name: "Mine" }],
      ["DELETE", undefined],
    ] as const) {
      const foreign = await call(bob, method, `/accounts/${accountId}`, body);
      const absent = await call(bob, method, "/accounts/nowhere", body);
      expect(foreign.status, method).to.equal(404);
      expect({ ...foreign.body, instance: "" }).to.deep.equal({ ...absent.body, instance: "" });
    }
    expect((await call(bob, "GET", "/accounts")).body["items"]).to.deep.equal([]);
  });

  it("names the field of a request that it does not understand", async () => {
    const refused = await call(await signIn("ann"), "POST", "/accounts", {
      name: "",
      type: "checking",
      currency: "EUR",
    });
    expect(refused.status).to.equal(400);
    expect(refused.headers.get("content-type")).to.equal("application/problem+json");
    expect(refused.body["errors"]).to.deep.include({ detail: "must not be empty", pointer: "#/name" });
  });

  it("takes a statement under the address that it gave, of the size that was said, and no other", async () => {
    const ann = await signIn("ann");
    const accountId = await open(ann);
    const fileSize = Buffer.byteLength(statement);
    const announced = await call(ann, "POST", "/files", { fileName: "january.csv", fileSize, accountId });
    const { url, method, headers } = announced.body["upload"] as {
      url: string;
      method: string;
      headers: Record<string, string>;
    };
    // What is signed is the length; fetch says that of what it sends.
    const { "content-length": _, ...rest } = headers;
    const put = (body: string, at = url) => fetch(at, { method, headers: rest, body });
    expect((await put(`${statement}more`)).status).to.equal(403);
    expect((await put(statement, url.replace("/uploads/", "/uploads/x"))).status).to.equal(403);
    expect((await put(statement)).status).to.equal(200);
    await shared.up.settle();
    const again = await signIn("ann");
    const { fileId } = announced.body["file"] as { fileId: string };
    expect((await call(again, "GET", `/files/${fileId}`)).body["status"]).to.equal("success");
    const { items } = (await call(again, "GET", "/transactions")).body as { items: { description: string }[] };
    expect(items.map(({ description }) => description)).to.deep.equal(["Coffee"]);
  });
});
