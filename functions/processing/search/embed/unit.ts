/** The same direction at length one; undefined where there is none. */
export const unit = (vector: readonly number[]): number[] | undefined => {
  const size = Math.hypot(...vector);
  return size > 0 && Number.isFinite(size) ? vector.map((value) => value / size) : undefined;
};
