import { join } from "node:path";
import { build } from "esbuild";
import { asPart, buildOptions, type Making, outdir, type Part } from "./part";

export interface Own {
  part: Part;
  /** What it has of each package that it shares with others. */
  uses: Map<string, string[]>;
}

const statement = /^import (?:\{([^}]*)\} from )?"([^"]+)";$/gm;

/** esbuild says in a form of its own which names a text has of which package. */
const usesIn = (text: string): Own["uses"] => {
  const uses = new Map<string, string[]>();
  for (const [, names = "", from = ""] of text.matchAll(statement)) {
    const found = names.split(",").flatMap((name) => name.trim().split(" as ")[0] || []);
    uses.set(from, [...(uses.get(from) ?? []), ...found]);
  }
  return uses;
};

/** Makes of each entry's own code what it needs of it, and nothing else. What is `shared` stays where it is. */
export const makeOwn = async (
  folder: string,
  names: readonly string[],
  shared: readonly string[],
  making: Making,
): Promise<Map<string, Own>> => {
  const { outputFiles, metafile } = await build({
    ...buildOptions(making),
    entryPoints: names.map((name) => `${folder}/${name}.ts`),
    outbase: folder,
    external: [...shared],
    // White space stays: which names are imported is read from lines.
    minifyIdentifiers: true,
    minifySyntax: true,
  });
  const made = new Map(outputFiles.map((file) => [file.path, file]));
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, Own]> => {
        const path = `${outdir}/${name}.js`;
        const text = made.get(join(making.root, path))?.text ?? "";
        const imports = metafile.outputs[path]?.imports ?? [];
        const asks = [...new Set(imports.map((one) => one.path).filter((one) => !one.startsWith("node:")))];
        const uses = usesIn(text);
        const unread = asks.find((one) => !uses.has(one));
        if (unread) throw new Error(`${folder}/${name}.ts imports ${unread} in a form that cannot be shared`);
        return [name, { part: await asPart(text, made.get(join(making.root, `${path}.map`)), asks), uses }];
      }),
    ),
  );
};
