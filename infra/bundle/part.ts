import {
  type BuildFailure,
  type BuildOptions,
  type BuildResult,
  build,
  formatMessages,
  type OutputFile,
  type TransformOptions,
  transform,
} from "esbuild";

/** A piece of code that one bundle has, or several. */
export interface Part {
  /** As CommonJS, which asks for other parts by their names. */
  code: string;
  map: string | undefined;
  /** The names of the parts that it asks for. */
  asks: string[];
}

/** By the names under which others ask for them. */
export type Parts = ReadonlyMap<string, Part>;

/** What holds for whatever is bundled. */
export interface Making {
  root: string;
  sourceMaps: boolean;
}

/** Where esbuild would write, if it wrote. */
export const outdir = "out";

/** How whatever is bundled is read and written. */
export const buildOptions = ({ root, sourceMaps }: Making) =>
  ({
    absWorkingDir: root,
    outdir,
    write: false,
    bundle: true,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    legalComments: "none",
    sourcemap: sourceMaps ? "external" : false,
    sourcesContent: false,
    logLevel: "silent",
    tsconfigRaw: {},
  }) satisfies BuildOptions;

const isBuildFailure = (error: unknown): error is BuildFailure => error instanceof Error && "errors" in error;

/** Mistakes in the sources are told with their lines by the error, where esbuild prints them and gives none in it. */
export const built = async <Options extends BuildOptions>(options: Options): Promise<BuildResult<Options>> => {
  try {
    return await build<Options>(options as never);
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const mistakes = await formatMessages(error.errors, { kind: "error" });
    throw new Error(["the shared module cannot be bundled", ...mistakes].join("\n\n").trimEnd());
  }
};

/** As it is put into bundles. In ASCII: for one character beyond Latin-1, V8 would hold all of it at two bytes a character. */
export const written = {
  format: "cjs",
  minify: true,
  target: "node24",
  charset: "ascii",
  legalComments: "none",
  sourcesContent: false,
} satisfies TransformOptions;

const inline = ({ contents }: OutputFile): string =>
  `//# sourceMappingURL=data:application/json;base64,${Buffer.from(contents).toString("base64")}`;

/** Only ES modules can share, but a closure can require none: what is in their stead does the same. */
export const asPart = async (text: string, map: OutputFile | undefined, asks: string[]): Promise<Part> => {
  const made = map
    ? await transform(`${text}${inline(map)}`, { ...written, sourcemap: "external" })
    : await transform(text, written);
  return { code: made.code, map: made.map || undefined, asks };
};
