import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { expect } from "chai";

const root = resolve(__dirname, "../..");
const rooms = ["infra", "functions", "workflows", "local", "commands", "tests"];

const filesBelow = (folder: string): string[] => {
  try {
    return readdirSync(resolve(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${folder}/${file}`);
  } catch {
    return [];
  }
};

interface Import {
  from: string;
  to: string;
}

const importsOf = (file: string): Import[] => {
  const text = readFileSync(resolve(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import|require\(|import\()\s*["']([^"']+)["']/g)].map(
    ([, specifier = ""]) => specifier,
  );
  return specifiers.map((specifier) => ({
    from: file,
    to: specifier.startsWith(".") ? relative(root, resolve(root, dirname(file), specifier)) : specifier,
  }));
};

const imports = ["index.ts", ...rooms.flatMap(filesBelow)].flatMap(importsOf);
const inside = (path: string, room: string) => path === room || path.startsWith(`${room}/`);

const offending = (from: (file: string) => boolean, to: (target: string) => boolean): string[] =>
  imports.filter((one) => from(one.from) && to(one.to)).map((one) => `${one.from} → ${one.to}`);

describe("the directions between the rooms", () => {
  it("were looked at", () => {
    expect(imports.length).to.be.greaterThan(150);
    expect(imports.filter(({ to }) => inside(to, "functions/processing")).length).to.be.greaterThan(10);
  });

  it("let the shared module import nothing above itself, and no Pulumi", () => {
    const isProcessing = (file: string) => inside(file, "functions/processing");
    expect(offending(isProcessing, (to) => rooms.some((room) => inside(to, room)) && !isProcessing(to))).to.deep.equal(
      [],
    );
    expect(offending(isProcessing, (to) => to.startsWith("@pulumi/"))).to.deep.equal([]);
  });

  it("let the shared module use only packages that are dependencies, since they are what is deployed", () => {
    const manifest = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const bundled = filesBelow("functions/processing").flatMap((file) => {
      const text = readFileSync(resolve(root, file), "utf8");
      return [...text.matchAll(/^(?:import|export) (?!type )[^;]*?from "([^."][^"]*)";/gm)].map(
        ([, name = ""]) => name,
      );
    });
    const packages = bundled
      .filter((name) => !name.startsWith("node:"))
      .map((name) => (name.startsWith("@") ? name.split("/", 2).join("/") : name.split("/", 1).join("")));
    expect(new Set(packages)).to.include("@aws-sdk/client-s3");
    expect([...new Set(packages)].filter((name) => !(name in manifest.dependencies))).to.deep.equal([]);
  });

  it("let nothing outside local, commands and tests import the embedded cloud", () => {
    const below = (file: string) => ["local", "commands", "tests"].some((room) => inside(file, room));
    expect(
      offending(
        (file) => !below(file),
        (to) => inside(to, "local"),
      ),
    ).to.deep.equal([]);
  });

  it("let nobody import the program, commands or tests from below", () => {
    const product = (file: string) => ["infra", "functions", "workflows", "local"].some((room) => inside(file, room));
    expect(offending(product, (to) => to === "index" || inside(to, "commands") || inside(to, "tests"))).to.deep.equal(
      [],
    );
    expect(
      offending(
        (file) => inside(file, "commands"),
        (to) => inside(to, "tests"),
      ),
    ).to.deep.equal([]);
  });

  it("let infra know no function", () => {
    const isFunction = (to: string) => inside(to, "functions") && !inside(to, "functions/processing");
    expect(offending((file) => inside(file, "infra"), isFunction)).to.deep.equal([]);
  });
});
