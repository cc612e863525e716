import { z } from 'zod';
import { findLatest, findLatestRecords } from '../../store/latest';
import { listObjectTypes } from '../../store/object-types';
import { accountDocument } from '../live-docs/account-document';
import { readRoute } from '../route';

/** The document of the account of the key that calls. */
export const openApiRoutes = [
  readRoute({
    scope: 'key',
    tag: 'Account',
    method: 'get',
    path: '/v1/openapi',
    summary: "Get the OpenAPI document of the account's own API",
    description: `The document of /openapi.json, with the account's object types and fields as shapes, and with examples that run
with the ids of what it has.`,
    response: z.looseObject({ openapi: z.string(), info: z.unknown(), paths: z.unknown(), components: z.unknown() }),
    handler: async ({ db, openApi }, { account }) => {
      const accountId = account._id;
      const [types, latest] = await Promise.all([listObjectTypes(db, accountId), findLatest(db, accountId)]);
      const objectTypeIds = types.map(({ objectTypeId }) => objectTypeId);
      const records = await findLatestRecords(db, accountId, objectTypeIds);
      return { ...accountDocument(openApi(), { types, latest, records }) };
    },
  }),
];
