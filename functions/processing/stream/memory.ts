import { env } from "../environment";
import { Windows } from "./count/windows";
import { type Known, makeKnown } from "./enrich/enrich";

/** What a process keeps from one batch to the next: all of it could be read again. */
export interface Memory {
  windows: Windows;
  known: Known;
}

const mostWindowBytes = 192 * 1024 * 1024;
/** 0 where each user is counted. */
const sampleSize = (): number => Number(env("EXPERIMENT_USER_SAMPLE")) || Number.POSITIVE_INFINITY;

export const makeMemory = (mostBytes = mostWindowBytes, mostWholeIds?: number): Memory => ({
  windows: new Windows(mostBytes, mostWholeIds, sampleSize()),
  known: makeKnown(),
});
