import { expect } from "chai";
import { description, operations } from "../../functions/processing/ledger/operations/description";

interface Described {
  openapi: string;
  paths: Record<
    string,
    Record<string, { operationId: string; responses: Record<string, unknown>; requestBody?: unknown }>
  >;
}

describe("the ledger's description", () => {
  const described = description() as unknown as Described;

  it("has every operation under its own name, with its answer and its refusals", () => {
    const all = Object.values(operations).flat();
    const found = Object.entries(described.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]) => [`${method.toUpperCase()} ${path}`, one] as const),
    );
    expect(found.map(([route]) => route).sort()).to.deep.equal(all.map(({ route }) => route as string).sort());
    expect(new Set(all.map(({ id }) => id)).size)
      .to.equal(25)
      .and.equal(all.length);
    for (const { route, id, answer, body } of all) {
      const one = new Map(found).get(route);
      expect(one?.operationId).to.equal(id);
      expect(Object.keys(one?.responses ?? {})).to.include.members([String(answer.status), "400", "401"]);
      expect(one?.requestBody !== undefined, id).to.equal(body !== undefined);
    }
  });

  it("says of an account what it must and may have, and that nothing else is known", () => {
    const { requestBody } = described.paths["/accounts"]?.["post"] ?? {};
    const { schema } =
      (requestBody as { content: Record<string, { schema: Record<string, unknown> }> }).content["application/json"] ??
      {};
    expect(schema).to.deep.include({ additionalProperties: false, required: ["name", "type", "currency"] });
    expect(JSON.stringify(described)).not.to.match(/owner|change_id|account_key/);
  });
});
