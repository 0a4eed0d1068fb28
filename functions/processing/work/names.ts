/** Calls to be made for companies' data. */
export const ingestionQueue = "ingestion";

/** Documents of the search index that must be made anew. */
export const searchQueue = "search";
