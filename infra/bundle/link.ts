import type { Part, Parts } from "./part";

/** One file, and where each place in it comes from. */
export interface Bundle {
  code: string;
  sourceMap: string | undefined;
}

/** A part begins when it is first asked for; what is none of them is Node's own. */
const head = `const parts={},begun={},load=name=>{
const part=parts[name];
if(!part)return require(name);
const module=begun[name];
if(module)return module.exports;
part(load,begun[name]={exports:{}});
return begun[name].exports};
`;
const opening = (name: string): string => `parts[${JSON.stringify(name)}]=(require,module)=>{\n`;
const closing = "};\n";
const ownOpening = "((require,module)=>{\n";
const ownClosing = "})(load,module);\n";

/** All that is asked for, by what was asked for too. */
const allAsked = (asks: readonly string[], parts: Parts, found = new Set<string>()): Set<string> => {
  for (const name of asks) {
    if (found.has(name)) continue;
    found.add(name);
    allAsked(parts.get(name)?.asks ?? [], parts, found);
  }
  return found;
};

const linesIn = (text: string): number => {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
};

/** Puts a function's own part and all that it needs into one file: Lambda reads that much sooner than many. */
export const link = (name: string, own: Part, parts: Parts): Bundle => {
  const texts: string[] = [];
  const sections: { offset: { line: number; column: number }; map: unknown }[] = [];
  let line = 0;
  const mapped = own.map !== undefined;
  const append = (text: string): void => {
    texts.push(text);
    if (mapped) line += linesIn(text);
  };
  const appendPart = (before: string, { code, map }: Part, after: string): void => {
    append(before);
    if (map) sections.push({ offset: { line, column: 0 }, map: JSON.parse(map) });
    append(`${code}${after}`);
  };
  append(head);
  for (const asked of allAsked(own.asks, parts)) {
    const part = parts.get(asked);
    if (!part) throw new Error(`${name} asks for ${asked}, which is no part`);
    appendPart(opening(asked), part, closing);
  }
  appendPart(ownOpening, own, ownClosing);
  if (sections.length === 0) return { code: texts.join(""), sourceMap: undefined };
  append(`//# sourceMappingURL=${name}.js.map\n`);
  return { code: texts.join(""), sourceMap: JSON.stringify({ version: 3, file: `${name}.js`, sections }) };
};
