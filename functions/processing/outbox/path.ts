/** A way by which an event takes effect: over the bus, or by a message to the function that calls the handlers itself. */
export type Path = "bus" | "direct";

/** Sent by both paths, an event has its effect by the bus; the other path rehearses it, and the two are compared. */
export const isShadowed = (paths: readonly Path[]): boolean => paths.length > 1;
