import { expect } from "chai";
import { OpenSearchError } from "../../../local/openSearch/errors";
import { readDate } from "../../../local/openSearch/mapping/dateFormat";
import { Mapping } from "../../../local/openSearch/mapping/mapping";

const properties = {
  name: { type: "keyword", ignore_above: 10 },
  code: { type: "keyword", normalizer: "lowercase" },
  title: { type: "text", analyzer: "english", fields: { raw: { type: "keyword" } } },
  count: { type: "integer" },
  shares: { type: "long" },
  price: { type: "double" },
  ratio: { type: "float" },
  active: { type: "boolean" },
  at: { type: "date" },
  day: { type: "date", format: "yyyy-MM-dd||epoch_second" },
  vector: { type: "knn_vector", dimension: 2, method: { name: "hnsw", engine: "lucene", space_type: "cosinesimil" } },
  company: { properties: { name: { type: "keyword" }, address: { properties: { city: { type: "keyword" } } } } },
  tickers: { type: "nested", properties: { symbol: { type: "keyword" } } },
  loose: { type: "object", dynamic: false, properties: { a: { type: "keyword" } } },
  raw: { type: "object", enabled: false },
};

const mapping = new Mapping({ dynamic: "strict", properties }, true);
const read = (source: object) => Object.fromEntries(mapping.read(source as never, "1"));

const failure = (work: () => unknown): OpenSearchError => {
  try {
    work();
  } catch (error) {
    if (error instanceof OpenSearchError) return error;
    throw error;
  }
  throw new Error("it succeeded");
};

describe("a mapping", () => {
  it("reads what fits, as OpenSearch coerces it", () => {
    const source = {
      name: ["Apple", 7, null, "much too long for this"],
      code: "AbC",
      title: "Rising",
      count: "12.9",
      shares: 15_000_000_000,
      price: "1.5e1",
      ratio: 0.1,
      active: "false",
      at: "2026-01-02T03:04:05Z",
      day: "2026-01-02",
      company: [{ name: "A" }, { name: "B", address: { city: "Cupertino" } }],
      tickers: [{ symbol: "AAPL" }],
      loose: { a: "x", anything: { goes: 1 } },
      raw: { whatever: [1, { a: 2 }] },
    };
    expect(read(source)).to.deep.equal({
      name: ["Apple", "7"],
      code: ["abc"],
      title: ["Rising"],
      "title.raw": ["Rising"],
      count: [12],
      shares: [15_000_000_000],
      price: [15],
      ratio: [Math.fround(0.1)],
      active: ["false"],
      at: [Date.UTC(2026, 0, 2, 3, 4, 5)],
      day: [Date.UTC(2026, 0, 2)],
      "company.name": ["A", "B"],
      "company.address.city": ["Cupertino"],
      "loose.a": ["x"],
    });
    expect(read({ "company.address.city": "Paris", count: "" })).to.deep.equal({ "company.address.city": ["Paris"] });
    expect(read({ vector: [3, 4] })["vector"]).to.deep.equal([Float32Array.from([0.6, 0.8])]);
  });

  const strictly: [object, string][] = [
    [{ other: 1 }, "mapping set to strict, dynamic introduction of [other] within [_doc] is not allowed"],
    [{ company: { ceo: 1 } }, "mapping set to strict, dynamic introduction of [ceo] within [company] is not allowed"],
    [
      { tickers: [{ price: 1 }] },
      "mapping set to strict, dynamic introduction of [price] within [tickers] is not allowed",
    ],
  ];
  for (const [source, reason] of strictly) {
    it(`is strict with ${JSON.stringify(source)}`, () => {
      expect(failure(() => read(source)).detail).to.deep.equal({ type: "strict_dynamic_mapping_exception", reason });
    });
  }

  const failed = (field: string, type: string, preview: unknown) =>
    `failed to parse field [${field}] of type [${type}] in document with id '1'. Preview of field's value: '${preview}'`;
  const unfit: [object, string, string | undefined][] = [
    [{ count: "None" }, failed("count", "integer", "None"), 'For input string: "None"'],
    [{ count: 2 ** 31 }, failed("count", "integer", 2 ** 31), "Value [2147483648] is out of range for an integer"],
    [{ count: {} }, failed("count", "integer", "null"), "Cannot parse object as number"],
    [{ count: true }, failed("count", "integer", true), "Current token (VALUE_TRUE) not numeric"],
    [{ shares: 1e19 }, failed("shares", "long", 1e19), "is out of range for a long"],
    [{ ratio: 1e39 }, failed("ratio", "float", 1e39), "[float] supports only finite values, but got [1e+39]"],
    [
      { active: "yes" },
      failed("active", "boolean", "yes"),
      "Failed to parse value [yes] as only [true] or [false] are allowed.",
    ],
    [{ name: {} }, failed("name", "keyword", "null"), "Can't get text on a START_OBJECT"],
    [{ code: "x".repeat(40_000) }, failed("code", "keyword", "x".repeat(40_000)), 'immense term in field="code"'],
    [
      { at: "None" },
      failed("at", "date", "None"),
      "failed to parse date field [None] with format [strict_date_time_no_millis||strict_date_optional_time||epoch_millis]",
    ],
    [{ at: { year: 1 } }, failed("at", "date", "null"), "failed to parse date field"],
    [{ vector: [1] }, failed("vector", "knn_vector", "null"), "Vector dimension mismatch. Expected: 2, Given: 1"],
    [{ vector: 1 }, failed("vector", "knn_vector", 1), "Vector dimension mismatch. Expected: 2, Given: 1"],
    [{ vector: [1, "x"] }, failed("vector", "knn_vector", "null"), "KNN vector values must be finite numbers"],
    [
      { vector: [0, 0] },
      failed("vector", "knn_vector", "null"),
      "zero vector is not supported when space type is [cosinesimil]",
    ],
    [
      { company: { address: "Paris" } },
      "object mapping for [company.address] tried to parse field [address] as object, but found a concrete value",
      undefined,
    ],
    [{ _id: "1" }, "Field [_id] is a metadata field and cannot be added inside a document.", undefined],
  ];
  for (const [source, reason, cause] of unfit) {
    it(`refuses ${JSON.stringify(source).slice(0, 60)}`, () => {
      const { detail, status } = failure(() => read(source));
      expect(status).to.equal(400);
      expect(detail.type).to.equal("mapper_parsing_exception");
      expect(detail.reason).to.include(reason);
      expect(detail.caused_by?.reason ?? "").to.include(cause ?? "");
      expect(detail.caused_by === undefined).to.equal(cause === undefined);
    });
  }

  const make = (declared: object, knn = true) => new Mapping(declared as never, knn);
  const field = (declared: object) => make({ dynamic: "strict", properties: { f: declared } });
  const misdeclared: [() => unknown, string][] = [
    [() => make({ properties: {} }), 'dynamic mapping of [_doc]: [dynamic] must be "strict" or false'],
    [() => make({ dynamic: true }), 'dynamic mapping of [_doc]: [dynamic] must be "strict" or false, not true'],
    [() => make({ dynamic: "strict", date_detection: false }), "[date_detection] in the mapping"],
    [() => make({ dynamic: "strict", properties: [] }), "Expected map for property [properties] on field [_doc]"],
    [() => field([]), "Expected map for property [f]"],
    [() => field({}), "No type specified for field [f]"],
    [() => field({ type: "ip" }), "The embedded cloud does not support type [ip] declared on field [f]"],
    [() => field({ type: "keyword", boost: 2 }), "unknown parameter [boost] on mapper [f] of type [keyword]"],
    [() => field({ type: "keyword", index: "no" }), "only [true] or [false] are allowed"],
    [() => field({ type: "keyword", normalizer: "mine" }), "the normalizer [mine] of [f]"],
    [() => field({ type: "text", analyzer: "french" }), "analyzer [french] has not been configured in mappings"],
    [() => field({ type: "date", format: "week_date" }), "the date format [week_date]"],
    [() => field({ type: "keyword", fields: [] }), "expected map for property [fields] on field [f]"],
    [() => field({ type: "keyword", fields: { a: 1 } }), "expected map for field [f.a]"],
    [() => field({ type: "keyword", fields: { a: { type: "text", fields: {} } } }), "fields within the fields of [f]"],
    [() => field({ type: "knn_vector" }), "Dimension value missing for vector: f"],
    [() => field({ type: "knn_vector", dimension: 20_000 }), "Dimension value must be 1 to 16000 for vector: f"],
    [() => field({ type: "knn_vector", dimension: 2, method: { name: "ivf" } }), "the method [ivf] of [f]"],
    [() => field({ type: "knn_vector", dimension: 2, method: { engine: "nmslib" } }), "the engine [nmslib] of [f]"],
    [() => field({ type: "knn_vector", dimension: 2, space_type: "l1" }), "the space_type [l1] of [f]"],
    [
      () => make({ dynamic: "strict", properties: { f: { type: "knn_vector", dimension: 2, method: {} } } }, false),
      "Cannot set modelId or method parameters when index.knn setting is false",
    ],
  ];
  for (const [work, reason] of misdeclared) {
    it(`cannot be made: ${reason}`, () => {
      expect(failure(work).detail.reason).to.include(reason);
    });
  }

  it("grows by names, and changes nothing that is there", () => {
    const more = {
      properties: {
        note: { type: "text" },
        title: { type: "text", analyzer: "english", fields: { exact: { type: "text" } } },
        company: { properties: { ceo: { type: "keyword" } } },
        tickers: { type: "nested", properties: { price: { type: "double" } } },
      },
    };
    const grown = mapping.merged(more as never);
    expect([...grown.fields.keys()]).to.include.members([
      "note",
      "title.raw",
      "title.exact",
      "company.ceo",
      "company.name",
    ]);
    expect(mapping.fields.has("note")).to.equal(false);
    const change = (name: string, declared: object) =>
      failure(() => mapping.merged({ properties: { [name]: declared } } as never));
    expect(change("name", { type: "text" }).detail.reason).to.equal(
      "mapper [name] cannot be changed from type [keyword] to [text]",
    );
    expect(change("title", { type: "text" }).detail.reason).to.include("Cannot update parameter [analyzer]");
    expect(change("company", { properties: { name: { type: "long" } } }).detail.reason).to.include(
      "mapper [company.name] cannot be changed from type [keyword] to [long]",
    );
  });
});

describe("a date", () => {
  const span = (text: unknown, format: string) => {
    const { from, to } = readDate(text, format);
    return `${new Date(from).toISOString()} ${new Date(to).toISOString()}`;
  };

  it("stands for all that it leaves open", () => {
    const iso = "strict_date_optional_time";
    expect(span("2024", iso)).to.equal("2024-01-01T00:00:00.000Z 2024-12-31T23:59:59.999Z");
    expect(span("2024-02", iso)).to.equal("2024-02-01T00:00:00.000Z 2024-02-29T23:59:59.999Z");
    expect(span("2024-12-31", iso)).to.equal("2024-12-31T00:00:00.000Z 2024-12-31T23:59:59.999Z");
    expect(span("2024-01-01T10", iso)).to.equal("2024-01-01T10:00:00.000Z 2024-01-01T10:59:59.999Z");
    expect(span("2024-01-01T10:30+02:00", iso)).to.equal("2024-01-01T08:30:00.000Z 2024-01-01T08:30:59.999Z");
    expect(span("2024-01-01T10:30:15.123456Z", iso)).to.equal("2024-01-01T10:30:15.123Z 2024-01-01T10:30:15.123Z");
  });

  it("is read by the format that fits", () => {
    expect(span(1_700_000_000_000, "epoch_millis")).to.match(/^2023-11-14T22:13:20\.000Z/);
    expect(span("1700000000", "strict_date||epoch_second")).to.match(/^2023-11-14T22:13:20\.000Z/);
    expect(span("20260824T101500", "yyyyMMdd'T'HHmmss")).to.match(/^2026-08-24T10:15:00\.000Z/);
    expect(span("24/08/2026 10:15 +02", "dd/MM/yyyy HH:mm X")).to.match(/^2026-08-24T08:15:00\.000Z/);
    expect(span("2026-08-24T10:15:00Z", "strict_date_time_no_millis")).to.match(/^2026-08-24T10:15/);
  });

  const wrong: [unknown, string][] = [
    ["2024-02-30", "strict_date_optional_time"],
    ["2024-13", "strict_date_optional_time"],
    ["2024-01-01T24:00", "strict_date_optional_time"],
    ["24-01-01", "strict_date_optional_time"],
    ["2024-01", "strict_date"],
    ["2024-01-01T00:00:00Z", "strict_date"],
    ["2024-01-01T00:00:00Z", "strict_date_time"],
    ["soon", "epoch_millis"],
    ["2026-8-24", "yyyy-MM-dd"],
    [true, "epoch_millis"],
  ];
  for (const [text, format] of wrong) {
    it(`${text} is none of ${format}`, () => {
      expect(failure(() => readDate(text, format)).detail.caused_by?.type).to.equal("date_time_parse_exception");
    });
  }
});
