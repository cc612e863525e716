import { z } from 'zod';
import { AppError } from '../../lib/errors';
import { collectionParameters, decimalId, optional } from './parameters';
import { metaOf } from './resource';
import { type OntraportRoute, readCall } from './route';

/** Under this tag there is nothing to be found. */
export const EMPTY_TAG = 'Empty collections';
const tag = EMPTY_TAG;

/** What Ontraport has and Hookline does not: clients that list it find that there is none. Source: reference section 3F */
const EMPTY: readonly { objectId: number; one: string; several: string }[] = [
  { objectId: 3, one: 'Group', several: 'Groups' },
  { objectId: 20, one: 'LandingPage', several: 'LandingPages' },
  { objectId: 44, one: 'OpenOrder', several: 'OpenOrders' },
  { objectId: 45, one: 'CreditCard', several: 'CreditCards' },
  { objectId: 52, one: 'Order', several: 'Orders' },
  { objectId: 65, one: 'Offer', several: 'Offers' },
];

/** Collections in which there never is anything. */
export const emptyRoutes: readonly OntraportRoute[] = EMPTY.flatMap(({ objectId, one, several }) => {
  const names = several.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const description = `There are no ${names} in Hookline: the answer is always the same.`;
  return [
    readCall({
      method: 'get',
      path: `/${one}`,
      tag,
      summary: `Get one of the ${names}: there is none`,
      description,
      parameters: z.object({ id: decimalId }),
      answer: {},
      handler: async () => {
        throw new AppError('record.not-found', { detail: `There are no ${names} here.` });
      },
    }),
    readCall({
      method: 'get',
      path: `/${several}`,
      tag,
      summary: `List ${names}: there are none`,
      description,
      parameters: collectionParameters,
      example: {},
      answer: [],
      handler: async (_api, { given }) => (given.count ? { data: [], count: 0 } : { data: [] }),
    }),
    readCall({
      method: 'get',
      path: `/${several}/meta`,
      tag,
      summary: `List the fields of ${names}`,
      description,
      parameters: z.object({ format: optional(z.enum(['byId', 'byName'])) }),
      example: {},
      answer: {},
      handler: async (_api, { given }) => {
        const fields = [{ name: 'id', alias: 'ID', type: 'numeric' }];
        return metaOf([{ objectId, name: one, fields }], given.format ?? 'byId');
      },
    }),
    readCall({
      method: 'get',
      path: `/${several}/getInfo`,
      tag,
      summary: `Count ${names}`,
      description,
      parameters: collectionParameters,
      example: {},
      answer: { listFields: [], listFieldSettings: [], count: '0' },
      handler: async () => ({ data: { listFields: [], listFieldSettings: [], count: '0' } }),
    }),
  ];
});
