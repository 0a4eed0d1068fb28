import { env } from "../environment";
import type { Room } from "./count/knownWindows";
import { Windows } from "./count/windows";
import { type Known, makeKnown } from "./enrich/enrich";

/** What a process keeps from one batch to the next: all of it could be read again. */
export interface Memory {
  windows: Windows;
  known: Known;
}

/** Users above all: of ids, only the latest of each log are in memory. */
const mostWindowBytes = 128 * 1024 * 1024;
/** 0 where each user is counted. */
const sampleSize = (): number => Number(env("EXPERIMENT_USER_SAMPLE")) || Number.POSITIVE_INFINITY;

export const makeMemory = (room: Partial<Omit<Room, "mostUsers">> = {}): Memory => ({
  windows: new Windows({ mostBytes: mostWindowBytes, ...room, mostUsers: sampleSize() }),
  known: makeKnown(),
});
