import * as v from "valibot";
import type { Json } from "./json";
import { compilePath } from "./path";
import { compileReferencePath } from "./referencePath";
import { compileTemplate } from "./template";

/** A value that is compiled as it is read; what is wrong with it is told at its place. */
const compiledFrom = <I, T>(compile: (value: I) => T) =>
  v.rawTransform<I, T>(({ dataset, addIssue, NEVER }) => {
    try {
      return compile(dataset.value);
    } catch (error) {
      addIssue({ message: error instanceof Error ? error.message : String(error) });
      return NEVER;
    }
  });

export const compiled = <T>(compile: (text: string) => T) => v.pipe(v.string(), compiledFrom(compile));

export const compiledJson = <T>(compile: (value: Json) => T) =>
  v.pipe(
    v.custom<Json>(() => true),
    compiledFrom(compile),
  );

/** With null, a meaning of its own beside that of its absence. */
export const nullable = <S extends v.GenericSchema>(schema: S) => v.exactOptional(v.nullable(schema));

export const path = compiled(compilePath);
export const referencePath = compiled(compileReferencePath);
export const template = v.exactOptional(compiledJson(compileTemplate));

export const optionalComment = v.exactOptional(v.string());
