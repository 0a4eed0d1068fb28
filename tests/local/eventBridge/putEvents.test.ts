import { expect } from "chai";
import { entryBytes, type PutEventsContext, putEvents } from "../../../local/eventBridge/putEvents";

const context = (): PutEventsContext => {
  let ids = 0;
  return {
    account: "123456789012",
    region: "us-east-1",
    now: Date.UTC(2026, 2, 1, 4, 5, 6, 789),
    newId: () => `id-${++ids}`,
  };
};

const entry = { Source: "signal9.test", DetailType: "tested", Detail: '{"a":1}' };
const put = (...Entries: unknown[]) => putEvents({ Entries }, context());

describe("PutEvents", () => {
  it("makes the envelope that targets receive", () => {
    const full = { ...entry, Time: 1_700_000_000.5, Resources: ["arn:one"], EventBusName: "bus" };
    expect(put(full)).to.deep.equal([
      {
        bus: "bus",
        envelope: {
          version: "0",
          id: "id-1",
          "detail-type": "tested",
          source: "signal9.test",
          account: "123456789012",
          time: "2023-11-14T22:13:20Z",
          region: "us-east-1",
          resources: ["arn:one"],
          detail: { a: 1 },
        },
      },
    ]);
  });

  it("takes the clock, the default bus and no resources where the entry says nothing", () => {
    const [accepted] = put({ ...entry, Time: null, TraceHeader: "Root=1-2" });
    expect(accepted).to.deep.include({ bus: "default", traceHeader: "Root=1-2" });
    expect(accepted).to.have.nested.property("envelope.time", "2026-03-01T04:05:06Z");
    expect(accepted).to.have.nested.property("envelope.resources").that.deep.equals([]);
  });

  const refusals: [string, object, string, string][] = [
    [
      "no source",
      { Source: "" },
      "InvalidArgument",
      "Parameter Source is not valid. Reason: Source is a required argument.",
    ],
    [
      "no detail-type",
      { DetailType: undefined },
      "InvalidArgument",
      "Parameter DetailType is not valid. Reason: DetailType is a required argument.",
    ],
    [
      "no detail",
      { Detail: null },
      "InvalidArgument",
      "Parameter Detail is not valid. Reason: Detail is a required argument.",
    ],
    [
      "a long detail-type",
      { DetailType: "x".repeat(129) },
      "InvalidArgument",
      "Parameter DetailType is not valid. Reason: DetailType has more than 128 characters.",
    ],
    ["a detail that is not JSON", { Detail: "{a" }, "MalformedDetail", "Detail is malformed."],
    ["a detail that is a list", { Detail: "[1]" }, "MalformedDetail", "Detail is malformed."],
    ["a detail that is null", { Detail: "null" }, "MalformedDetail", "Detail is malformed."],
    ["AWS's own source", { Source: "aws.s3" }, "NotAuthorizedForSourceException", "Not authorized for the source."],
  ];
  for (const [what, change, ErrorCode, ErrorMessage] of refusals) {
    it(`refuses an entry with ${what} and takes the others`, () => {
      const answers = put(entry, { ...entry, ...change }, entry);
      expect(answers[1]).to.deep.equal({ ErrorCode, ErrorMessage });
      expect(answers[0]).to.have.nested.property("envelope.id", "id-1");
      expect(answers[2]).to.have.nested.property("envelope.id", "id-2");
    });
  }

  it("takes one to ten entries", () => {
    expect(put(...Array.from({ length: 10 }, () => entry))).to.have.length(10);
    expect(() => put(...Array.from({ length: 11 }, () => entry))).to.throw(
      /^1 validation error detected: Value '\[PutEventsRequestEntry, .*' at 'entries' failed .* less than or equal to 10$/,
    );
    expect(() => put()).to.throw(
      "Value '[]' at 'entries' failed to satisfy constraint: Member must have length greater",
    );
    expect(() => putEvents({}, context())).to.throw(
      "Value null at 'entries' failed to satisfy constraint: Member must not",
    );
  });

  it("counts time, source, detail-type, detail and resources in bytes", () => {
    expect(entryBytes({})).to.equal(0);
    expect(entryBytes({ ...entry, EventBusName: "bus" })).to.equal(12 + 6 + 7);
    expect(entryBytes({ ...entry, Time: 1, Resources: ["é", "ab"] })).to.equal(14 + 12 + 6 + 7 + 2 + 2);
  });

  it("refuses the request above 1 MB and takes it at exactly that size", () => {
    const other = entryBytes(entry) + entryBytes({ ...entry, Detail: '{"a":""}' });
    const filled = (bytes: number) => ({ ...entry, Detail: `{"a":"${"x".repeat(bytes - other)}"}` });
    expect(put(entry, filled(1_048_576))).to.have.length(2);
    expect(() => put(entry, filled(1_048_577)))
      .to.throw("Total size of the entries in the request is over the limit.")
      .with.property("code", "ValidationException");
  });

  const malformed: [string, unknown, string][] = [
    ["a request that is a list", [], "The request must be an object"],
    ["entries that are no list", { Entries: "x" }, "Entries must be a list"],
    ["an entry that is no object", { Entries: ["x"] }, "Entries[0] must be an object"],
    ["a detail that is an object", { Entries: [{ ...entry, Detail: {} }] }, "Entries[0].Detail must be a string"],
    ["a time as text", { Entries: [{ ...entry, Time: "now" }] }, "Entries[0].Time must be a time in epoch seconds"],
    ["a time out of reach", { Entries: [{ ...entry, Time: 1e13 }] }, "Entries[0].Time must be a time in epoch seconds"],
    [
      "resources as text",
      { Entries: [{ ...entry, Resources: "x" }] },
      "Entries[0].Resources must be a list of strings",
    ],
    [
      "numbers as resources",
      { Entries: [{ ...entry, Resources: [1] }] },
      "Entries[0].Resources must be a list of strings",
    ],
  ];
  for (const [what, request, message] of malformed) {
    it(`cannot read ${what}`, () => {
      expect(() => putEvents(request, context()))
        .to.throw(message)
        .with.property("code", "SerializationException");
    });
  }

  it("refuses by name what it does not support", () => {
    expect(() => putEvents({ Entries: [entry], EndpointId: "x.y" }, context())).to.throw(
      "EndpointId is not supported.",
    );
    expect(() => put({ ...entry, Mystery: 1 })).to.throw("Entries[0].Mystery is not supported.");
  });
});
