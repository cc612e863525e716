import { z } from 'zod';

/** Query parameters of every list: at most `limit` rows after `cursor`, newest first. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Rows in one answer, 1 to 200' }),
  cursor: z.string().max(500).optional().meta({ description: '"nextCursor" of the answer before' }),
});

export type PageQuery = z.output<typeof pageQuery>;

/** A page of any list; `nextCursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable().meta({ description: 'null on the last page' }) });
