import { apple } from "./apple";
import { cocaCola } from "./cocaCola";
import { ibm } from "./ibm";
import { jpMorgan } from "./jpMorgan";
import { microsoft } from "./microsoft";
import type { Published } from "./published";

/** Companies that exist. */
export const publishedCompanies: readonly Published[] = [apple, microsoft, ibm, cocaCola, jpMorgan];
