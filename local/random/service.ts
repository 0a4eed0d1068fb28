import { randomInt } from "node:crypto";
import type { Cloud } from "../cloud/cloud";
import type { Service } from "../cloud/service";
import { understood } from "../cloud/understood";
import type { Declared } from "../engine/program";
import { awsJson } from "../gateway/awsJson";

/** The kinds of characters, by the inputs that switch them off and that say how many there must be. */
const kinds = [
  { wanted: "lower", least: "minLower", characters: "abcdefghijklmnopqrstuvwxyz" },
  { wanted: "upper", least: "minUpper", characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
  { wanted: "numeric", least: "minNumeric", characters: "0123456789" },
  { wanted: "special", least: "minSpecial", characters: "!@#$%&*()-_=+[]{}<>:?" },
];

const oneOf = (characters: string): string => characters.charAt(randomInt(characters.length));

const shuffled = (characters: string[]): string[] => {
  for (let last = characters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? "", characters[last] ?? ""];
  }
  return characters;
};

const makePassword = (declared: Declared): string => {
  const switches = kinds.flatMap(({ wanted, least }) => [wanted, least]);
  understood(declared, ["length", "keepers", ...switches]);
  const { inputs } = declared;
  const used = kinds.filter(({ wanted }) => inputs[wanted] !== false);
  const demanded = used.flatMap(({ least, characters }) =>
    Array.from({ length: Number(inputs[least] ?? 0) }, () => oneOf(characters)),
  );
  const length = Number(inputs["length"]);
  const all = used.map(({ characters }) => characters).join("");
  if (!Number.isInteger(length) || length < Math.max(1, demanded.length) || all === "")
    throw new Error(`${declared.type} ${declared.name}: length and kinds of characters do not fit each other`);
  const rest = Array.from({ length: length - demanded.length }, () => oneOf(all));
  return shuffled([...demanded, ...rest]).join("");
};

/** Pulumi's own resources for chance. They belong to no service of AWS, so there is nothing to call. */
export const createRandom = (_cloud: Cloud): Service => ({
  signingName: "random",
  protocol: awsJson({ version: "1.1", target: "random" }),
  operations: {},
  resources: {
    "random:index/randomPassword:RandomPassword": (declared) => ({
      id: "none",
      outputs: { ...declared.inputs, result: makePassword(declared) },
    }),
  },
  reset: () => undefined,
  close: () => undefined,
});
