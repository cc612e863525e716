/** Names of tags, fields, maps, webhooks and products by their ids, for sentences that people read. */
export type Names = ReadonlyMap<string, string>;

/** The name; the id where there is none (any more). @throws never */
export const nameOf = (names: Names, id: string): string => names.get(id) ?? id;
