import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { expect } from "chai";
import { Failure } from "../../functions/processing/failure";
import { type Domain, domainAt } from "../../functions/processing/search/domain";
import { makeCertificate } from "../../local/certificate/certificate";
import { world } from "./world";

const whole = { took: 3, timed_out: false, _shards: { total: 3, successful: 3, failed: 0 }, hits: { hits: [] } };

describe("an answer of the search domain", () => {
  let trusted: string[];
  let server: Server;
  let domain: Domain;
  let answer: object;
  let status: number;
  let folder: string;

  before(async () => {
    await world();
    trusted = getCACertificates("default");
    folder = await mkdtemp(join(tmpdir(), "signal9-domain-"));
    const made = await makeCertificate(folder);
    const [cert, key] = await Promise.all([readFile(made.certificate, "utf8"), readFile(made.key, "utf8")]);
    // Alone: those of other suites bear the same name.
    setDefaultCACertificates([cert]);
    server = createServer({ cert, key }, (asked, response) => {
      asked.resume();
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    domain = domainAt(`https://localhost:${(server.address() as AddressInfo).port}`);
  });
  after(async () => {
    setDefaultCACertificates(trusted);
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  const searched = (told: object, path = "/documents/_search", as = 200) => {
    answer = told;
    status = as;
    return domain.send({ method: "POST", path, body: {} }).catch((error: unknown) => error);
  };

  it("is whole where every shard had its say in time", async () => {
    expect(await searched(whole)).to.deep.equal(whole);
  });

  it("is a failure that passes where shards failed, or time ran out", async () => {
    const reason = { type: "no_shard_available_action_exception", reason: "all are gone" };
    const failed = await searched({
      ...whole,
      _shards: { total: 3, successful: 2, failed: 1, failures: [{ reason }] },
    });
    expect(failed).to.be.instanceOf(Failure).with.property("category", "unavailable");
    expect(failed)
      .to.have.property("message")
      .that.includes("in part: 1 shards failed: no_shard_available_action_exception: all are gone");
    expect(await searched({ ...whole, timed_out: true }))
      .to.be.instanceOf(Failure)
      .with.property("message")
      .that.includes("it ran out of time");
  });

  const tooMany = {
    type: "too_many_nested_clauses",
    reason: "Query contains too many nested clauses; maxClauseCount is set to 1024",
  };
  const failedSearch = (...causes: object[]) => ({
    error: { root_cause: causes, type: "search_phase_execution_exception", reason: "all shards failed" },
  });

  it("is a failure that stays where a query has too many clauses, which OpenSearch 2 takes for its own", async () => {
    const refused = await searched(failedSearch(tooMany), "/documents/_search", 500);
    expect(refused)
      .to.be.instanceOf(Failure)
      .with.property("message")
      .that.includes("was answered 500: too_many_nested_clauses: Query contains too many nested clauses");
    expect(refused).to.have.property("category", "permanent");
    const failures = [{ reason: tooMany }];
    const inPart = await searched({ ...whole, _shards: { total: 3, successful: 2, failed: 1, failures } });
    expect(inPart).to.be.instanceOf(Failure).with.property("category", "permanent");
  });

  it("is a failure that passes where anything else is wrong with the domain, or it has no time", async () => {
    const asleep = { type: "no_shard_available_action_exception", reason: "all are gone" };
    for (const [told, as] of [
      [failedSearch(asleep), 503],
      [failedSearch(tooMany, asleep), 500],
      [failedSearch(), 500],
      [{ message: "late" }, 408],
    ] as const) {
      expect(await searched(told, "/documents/_search", as)).to.have.property("category", "unavailable");
    }
    const failures = [{ reason: tooMany }, { reason: asleep }];
    expect(await searched({ ...whole, _shards: { total: 3, failed: 2, failures } })).to.have.property(
      "category",
      "unavailable",
    );
  });

  it("is taken as it is where nothing was searched for", async () => {
    const refreshed = { _shards: { total: 2, successful: 1, failed: 1 } };
    expect(await searched(refreshed, "/documents/_refresh")).to.deep.equal(refreshed);
  });
});
