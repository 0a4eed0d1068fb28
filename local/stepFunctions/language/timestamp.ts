const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Epoch ms of a time as RFC 3339 writes it, with a capital T and Z; undefined: it is none. */
export const timestamp = (text: string): number | undefined => {
  const at = pattern.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
};
