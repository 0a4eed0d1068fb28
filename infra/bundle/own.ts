import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { buildOptions, built, type Making, outdir, type Part, written } from "./part";

/** What is used of each package that is shared. */
export type Uses = ReadonlyMap<string, ReadonlySet<string>>;

export interface Own {
  part: Part;
  uses: Uses;
}

const statement = /^(?:import|export) \{([^}]*)\} from "([^"]+)";$/gm;

/** What a source asks for by name of each module, in each of its statements. */
const namesIn = (text: string): Map<string, string[][]> => {
  const found = new Map<string, string[][]>();
  for (const [, list = "", from = ""] of text.matchAll(statement)) {
    const names = list
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one && !one.startsWith("type "))
      .flatMap((one) => one.split(" as ")[0] ?? []);
    found.set(from, [...(found.get(from) ?? []), names]);
  }
  return found;
};

const packagesIn = (imports: readonly { path: string; external?: boolean }[]): string[] => [
  ...new Set(imports.flatMap(({ path, external }) => (external && !path.startsWith("node:") ? [path] : []))),
];

/** For each source that esbuild read. */
const usesIn = ({ inputs }: Metafile, root: string): Map<string, Uses> =>
  new Map(
    Object.entries(inputs).flatMap(([source, { imports }]) => {
      const packages = packagesIn(imports);
      if (packages.length === 0) return [];
      const names = namesIn(readFileSync(join(root, source), "utf8"));
      const used = packages.map((from): [string, Set<string>] => {
        const known = names.get(from) ?? [];
        if (known.length < imports.filter(({ path }) => path === from).length)
          throw new Error(`${source} imports ${from} in a form that cannot be shared`);
        return [from, new Set(known.flat())];
      });
      return [[source, new Map(used)]];
    }),
  );

export const together = (all: readonly Uses[]): Uses => {
  const uses = new Map<string, Set<string>>();
  for (const one of all)
    for (const [from, names] of one) uses.set(from, new Set([...(uses.get(from) ?? []), ...names]));
  return uses;
};

/** Makes of each entry's own code what it needs of it, and nothing else. What is `shared` stays where it is. */
export const makeOwn = async (
  folder: string,
  names: readonly string[],
  shared: readonly string[],
  making: Making,
): Promise<Map<string, Own>> => {
  const { outputFiles, metafile } = await built({
    ...buildOptions(making),
    ...written,
    entryPoints: names.map((name) => `${folder}/${name}.ts`),
    outbase: folder,
    external: [...shared],
  });
  const made = new Map(outputFiles.map((file) => [file.path, file.text]));
  const uses = usesIn(metafile, making.root);
  return new Map(
    names.map((name): [string, Own] => {
      const path = `${outdir}/${name}.js`;
      const { imports = [], inputs = {} } = metafile.outputs[path] ?? {};
      const part = {
        code: made.get(join(making.root, path)) ?? "",
        map: made.get(join(making.root, `${path}.map`)),
        asks: packagesIn(imports),
      };
      return [name, { part, uses: together(Object.keys(inputs).flatMap((source) => uses.get(source) ?? [])) }];
    }),
  );
};
