import type { z } from 'zod';
import type { Database, Session } from '../../store/database';
import { countRows, findRows } from '../../store/find-rows';
import { invalid } from '../problem';
import { collectionParameters, optional, whole } from './parameters';
import { filterOf, type Resource, sortOf } from './resource';

/** Most rows that one call deletes. */
export const DELETED_MAX = 500;

/** Parameters of a collection that choose what is deleted: all that is found, unless "range" says how many of it. */
export const choiceParameters = collectionParameters.extend({
  range: optional(whole(1, DELETED_MAX)).meta({
    description: `Most rows to delete, 1 to ${DELETED_MAX}; all that are chosen unless given`,
  }),
});

/**
 * The rows that a call is to delete: what "ids", "condition", "search" or "performAll" choose, in the order of "sort", from
 * "start" on and no more than "range".
 *
 * @param names what the rows are, for the refusal: "records"
 * @returns at most 500, as of the transaction
 * @throws AppError `request.invalid` when nothing chooses, or more are chosen
 */
export async function chooseRows<T>(
  db: Database,
  session: Session,
  { resource, names }: { resource: Resource<T>; names: string },
  given: z.output<typeof choiceParameters>,
): Promise<T[]> {
  const { ids, condition, search, performAll, start, range } = given;
  if (!ids && !performAll && condition === undefined && search === undefined)
    throw invalid({ path: 'ids', message: 'must be given, or "condition", "search" or "performAll"' });
  const filter = filterOf(resource, given);
  const rows = { filter, sort: sortOf(resource, given), skip: start, limit: range ?? DELETED_MAX + 1 };
  const chosen = await findRows(db, resource.from, rows, session);
  if (chosen.length <= DELETED_MAX) return chosen;
  const count = (await countRows(db, resource.from, filter)) - start;
  throw invalid({
    path: 'ids',
    message: `chooses ${count} ${names}; at most ${DELETED_MAX} are deleted at a time`,
  });
}
