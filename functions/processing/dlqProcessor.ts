import { drain } from "./deadLetters/drain";

export const dlqProcessor = drain("dlqProcessor");
