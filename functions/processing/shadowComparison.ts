import { scheduled } from "./consume/scheduled";
import { compare } from "./shadow/compare";

export const shadowComparison = scheduled("shadowComparison", compare);
