import { z } from 'zod';
import { AppError } from '../../lib/errors';
import type { ErrorCode } from '../../schemas/error-codes';
import type { AccountId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { findRows } from '../../store/find-rows';
import { numberIs } from '../../store/numbers';
import { collectionParameters, decimalId, listOf, optional } from './parameters';
import { countOf, listRows, metaOf, type Resource } from './resource';
import { type OntraportRoute, readCall } from './route';

/** What is there of every kind of thing: one of them, a list, its fields, and how many there are. */
export function collectionRoutes<T>(of: {
  tag: string;
  /** As paths name it: `/Tag` and `/Tags` */
  one: string;
  several: string;
  open: (db: Database, accountId: AccountId) => Promise<Resource<T>>;
  notFound: ErrorCode;
  answer: unknown;
  /** Shape of `id` where it is no decimal number, and where it is stored */
  id?: { shape: z.ZodType<string>; path: string };
  /** One of them is shown with more than a list shows */
  showOne?: (db: Database, document: T) => Promise<unknown>;
}): OntraportRoute[] {
  const { tag, one, several, open } = of;
  const { shape, path } = of.id ?? { shape: decimalId, path: 'number' };
  const parameters = of.id
    ? collectionParameters.extend({ ids: optional(listOf(of.id.shape, 'Ids')) })
    : collectionParameters;
  const names = several.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return [
    readCall({
      method: 'get',
      path: `/${one}`,
      tag,
      summary: `Get one of the ${names}`,
      parameters: z.object({ id: shape }),
      answer: of.answer,
      handler: async ({ db }, { account, given }) => {
        const resource = await open(db, account._id);
        const filter = {
          $and: [resource.where, { [path]: path === 'number' ? numberIs(Number(given.id)) : given.id }],
        };
        const [found] = await findRows(db, resource.from, { filter, limit: 1 });
        if (!found) throw new AppError(of.notFound);
        return { data: of.showOne ? await of.showOne(db, found) : (await resource.show([found]))[0] };
      },
    }),
    readCall({
      method: 'get',
      path: `/${several}`,
      tag,
      summary: `List ${names}`,
      parameters,
      example: {},
      answer: [of.answer],
      handler: async (api, { account, given }) => listRows(api, await open(api.db, account._id), given),
    }),
    readCall({
      method: 'get',
      path: `/${several}/meta`,
      tag,
      summary: `List the fields of ${names}`,
      parameters: z.object({ format: optional(z.enum(['byId', 'byName'])) }),
      example: {},
      answer: {},
      handler: async ({ db }, { account, given }) => metaOf([await open(db, account._id)], given.format ?? 'byId'),
    }),
    readCall({
      method: 'get',
      path: `/${several}/getInfo`,
      tag,
      summary: `Count ${names}`,
      parameters,
      example: {},
      answer: { listFields: [], count: '2' },
      handler: async (api, { account, given }) => countOf(api, await open(api.db, account._id), given),
    }),
  ];
}
