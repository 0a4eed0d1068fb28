import { InvokeCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { findIssuer } from "../../../../commands/token/issuer";
import { signInTester } from "../../../../commands/token/signIn";
import { prefix } from "../sharedCloud";
import { type AlarmWorld, allowNothing, many } from "./world";

/** Requests at a time. */
const atATime = 6;

/** What people and other teams ask, and are not answered, or late. */
export const alarmsOfRequests = (world: AlarmWorld): void => {
  const { shared, pass, expectRaised, expectOver, expectNamed, during, setPolicy, want } = world;

  const invoke = async (label: string, payload: string): Promise<string> => {
    const FunctionName = `${prefix}${label}`;
    const { Payload } = await shared().clients.lambda.send(new InvokeCommand({ FunctionName, Payload: payload }));
    return Buffer.from(Payload ?? []).toString("utf8");
  };
  const search = (text: string) => invoke("search", JSON.stringify({ text }));

  const ofSearch = { duration: "search-duration" };
  /** Most of the time that a query has goes by over a domain that does not answer and a table that hardly does. */
  const slowSearch = () =>
    during(
      [
        { kind: "latency", service: "es", caller: `${prefix}search`, ms: 2_500 },
        { kind: "latency", service: "dynamodb", operation: "Scan", caller: `${prefix}search`, ms: 3_500, times: 1 },
        { kind: "latency", service: "dynamodb", caller: `${prefix}search`, ms: 2_400 },
      ],
      async () => {
        expect(await search("Apple")).to.include('"degraded":true');
      },
    );

  it("what is not allowed, an API that fails, one that is slow, and a function that takes nearly too long", async () => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const reach = { endpoint: shared().up.url, region: "us-east-1", credentials };
    const issuer = await findIssuer(reach, "dev");
    const { AccessToken: token = "" } = await signInTester(reach, issuer, "ann");
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: "Everyday", type: "checking", currency: "EUR" });
    const ask = async () => (await fetch(`${issuer.api}/accounts`, { headers })).status;
    const open = async () => (await fetch(`${issuer.api}/accounts`, { method: "POST", headers, body })).status;
    // Several slow calls make a slow answer.
    await during([{ kind: "latency", caller: "ledger-accounts", ms: 1_500 }], async () => {
      const [opened] = await Promise.all([open(), slowSearch()]);
      expect(opened).to.equal(201);
      await expectRaised(ofSearch);
      await expectNamed("duration", ofSearch.duration, "/signal9-dev-search ", " 512");
      await pass(3);
      expect(await open()).to.equal(201);
    });
    setPolicy("ledger-accounts", { Effect: "Deny", Action: "dynamodb:*", Resource: "*" });
    for (let at = 0; at < many.length; at += atATime) {
      for (const status of await Promise.all(many.slice(at, at + atATime).map(ask))) expect(status).to.equal(500);
    }
    const ofApi = {
      "api-latency": "ledger-latency",
      "api-errors": "ledger-errors",
      denied: "ledger-accounts-denied",
    } as const;
    await expectRaised(ofApi);
    await expectNamed("api-latency", ofApi["api-latency"], "/signal9-dev-ledger-accounts ", " 512");
    const refused = ["ledger-accounts", "role/", "dynamodb:Query", ":table/"];
    for (const kind of ["api-errors", "denied"] as const) await expectNamed(kind, ofApi[kind], ...refused);
    setPolicy("ledger-accounts", allowNothing);
    expect(await ask()).to.equal(200);
    await search("quick");
    await expectOver({ ...ofApi, ...ofSearch });
  });

  it("a search domain that fails, a cache that is gone", async () => {
    await during([{ kind: "serverError", service: "es" }], async () => {
      for (const answer of await Promise.all(["one", "two", "three", "four"].map(search))) {
        expect(answer).to.include('"degraded":true');
      }
    });
    await expectRaised({ search: "search-search" });
    await expectNamed("search", "search-search", "unavailable", "was answered 503");
    const cached = shared().up.services.elastiCache;
    await cached.stop();
    await want(["AAPL", "MSFT", "IBM", "KO"]);
    await shared().up.settle();
    await expectRaised({ cache: "ingestion-cache" });
    await expectNamed("cache", "ingestion-cache", "WARN", "unavailable", "ECONNREFUSED");
    await search("five");
    await expectOver({ search: "search-search", cache: "ingestion-cache" });
  });

  it("a request that is more than a function can hold", async () => {
    const ofMemory = { memory: "put-experiments-memory" };
    const ofNothing = (count: number) => `{"assignments": [${Array(count).fill("{}").join(",")}]}`;
    const setMemory = (MemorySize: number) =>
      shared().clients.lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName: `${prefix}put-experiments`, MemorySize }),
      );
    // As much as Lambda takes. Whether the process gets to the end of it depends on when its garbage is collected.
    const huge = ofNothing(1_900_000);
    await invoke("put-experiments", huge);
    await expectRaised(ofMemory);
    await expectNamed("memory", ofMemory.memory, "/signal9-dev-put-experiments ", " 256");
    await setMemory(1_024);
    expect(await invoke("put-experiments", huge)).to.include("request.assignments must have at most 1000");
    await setMemory(256);
    await pass(10);
    expect(await invoke("put-experiments", ofNothing(0))).to.include('"assignments":0');
    await expectOver(ofMemory);
  });
};
