import { z } from 'zod';
import { checkInbound } from '../../domain/check-inbound';
import { newSecret } from '../../lib/ids';
import { sealText } from '../../lib/secrets/seal';
import { newSigningSecret } from '../../lib/secrets/signature';
import type { AccountId } from '../../schemas/ids';
import { idSchema } from '../../schemas/ids';
import {
  type InboundSettings,
  inboundSchema,
  inboundSettings,
  type StoredInbound,
  savedInboundSchema,
} from '../../schemas/inbound';
import { pageOf, pageQuery } from '../../schemas/page';
import type { Database, Session } from '../../store/database';
import { deleteInbound, getInbound, insertInbound, listInbounds, saveInbound } from '../../store/inbounds';
import { getObjectType } from '../../store/object-types';
import { findTags } from '../../store/tags';
import { deletedSchema } from '../deleted';
import type { Api } from '../parts';
import { refuse } from '../problem';
import { readRoute, writeRoute } from '../route';

const common = { scope: 'key', tag: 'Inbound webhooks' } as const;
const params = z.object({ inboundId: idSchema('inbound') });
const body = z.object({ settings: inboundSettings.strict() });
const example = {
  settings: {
    name: 'Orders of the shop',
    matchBy: 'email',
    mapping: [
      { path: '$.customer.email', fieldId: 'email' },
      { path: '$.customer.first_name', fieldId: 'firstname' },
    ],
    signature: { kind: 'standard-webhooks' as const },
  },
};

/** Sources of inbound webhooks. */
export const inboundRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/inbounds',
    summary: 'List sources of inbound webhooks',
    query: pageQuery,
    response: pageOf(inboundSchema),
    handler: async ({ db, publicUrl }, { account, query }) => {
      const { items, nextCursor } = await listInbounds(db, account._id, query);
      return { items: items.map((inbound) => showInbound(inbound, publicUrl)), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/inbounds',
    summary: 'Create a source of inbound webhooks',
    description:
      'Its URL takes JSON and forms by POST, at most 256 KiB. The secret of its signature is in this answer only.',
    body,
    example,
    status: 201,
    response: savedInboundSchema,
    isSecret: true,
    handler: async ({ db, keys, publicUrl }, { account, body: { settings } }, session) => {
      const accountId = account._id;
      await refuseBadSettings(db, session, { accountId, settings });
      const { secret, sealedSecret } = secretOf({ keys }, { accountId, settings, before: null });
      const given = { accountId, settings: withoutSecret(settings), sealedSecret };
      return { ...showInbound(await insertInbound(db, session, given), publicUrl), secret };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/inbounds/:inboundId',
    summary: 'Get a source of inbound webhooks',
    params,
    response: inboundSchema,
    handler: async ({ db, publicUrl }, { account, params }) =>
      showInbound(await getInbound(db, { accountId: account._id, ...params }), publicUrl),
  }),
  writeRoute({
    ...common,
    method: 'put',
    path: '/v1/inbounds/:inboundId',
    summary: 'Replace the settings of a source',
    description:
      'Its URL stays. The secret stays too, unless a new one is given or the kind of signature is another than before.',
    params,
    body,
    example,
    response: savedInboundSchema,
    isSecret: true,
    handler: async ({ db, keys, publicUrl }, { account, params, body: { settings } }, session) => {
      const of = { accountId: account._id, ...params };
      const before = await getInbound(db, of, session);
      await refuseBadSettings(db, session, { accountId: of.accountId, settings });
      const { secret, sealedSecret } = secretOf({ keys }, { accountId: of.accountId, settings, before });
      const saved = await saveInbound(db, session, { ...of, settings: withoutSecret(settings), sealedSecret });
      return { ...showInbound(saved, publicUrl), secret };
    },
  }),
  writeRoute({
    ...common,
    method: 'delete',
    path: '/v1/inbounds/:inboundId',
    summary: 'Delete a source',
    description: 'Its URL answers 404 from then on.',
    params,
    response: deletedSchema,
    handler: async ({ db }, { account, params }, session) => {
      await deleteInbound(db, session, { accountId: account._id, ...params });
      return { id: params.inboundId, isDeleted: true as const };
    },
  }),
];

const showInbound = ({ _id: id, number, token, ...inbound }: StoredInbound, publicUrl: string) => ({
  id,
  number,
  url: `${publicUrl}/inbound/${token}`,
  settings: inbound.settings,
  hasSecret: inbound.sealedSecret !== null,
  createdAt: inbound.createdAt.toISOString(),
  updatedAt: inbound.updatedAt.toISOString(),
});

/** @throws AppError `request.invalid`, `object-type.not-found` */
async function refuseBadSettings(
  db: Database,
  session: Session,
  { accountId, settings }: { accountId: AccountId; settings: InboundSettings },
): Promise<void> {
  const { fields } = await getObjectType(db, accountId, settings.objectTypeId, session);
  refuse(checkInbound(settings, fields), 'settings.');
  const known = new Set((await findTags(db, accountId, settings.addTagIds, session)).map(({ _id }) => _id));
  const unknown = settings.addTagIds.flatMap((tagId, index) =>
    known.has(tagId) ? [] : [{ path: `addTagIds.${index}`, message: 'names no tag of the account' }],
  );
  refuse(unknown, 'settings.');
}

const withoutSecret = (settings: InboundSettings): InboundSettings => {
  const { signature } = settings;
  if (signature.kind === 'none') return settings;
  const { secret: _, ...shown } = signature;
  return { ...settings, signature: shown };
};

/** The secret to seal, and what of it is shown now. */
function secretOf(
  { keys }: Pick<Api, 'keys'>,
  { accountId, settings, before }: { accountId: AccountId; settings: InboundSettings; before: StoredInbound | null },
): { secret: string | null; sealedSecret: string | null } {
  const { signature } = settings;
  if (signature.kind === 'none') return { secret: null, sealedSecret: null };
  const isKept = signature.secret === undefined && before?.settings.signature.kind === signature.kind;
  if (isKept && before) return { secret: null, sealedSecret: before.sealedSecret };
  const secret = signature.secret ?? (signature.kind === 'standard-webhooks' ? newSigningSecret() : newSecret());
  return { secret, sealedSecret: sealText(keys, secret, { accountId, purpose: 'inbound.secret' }) };
}
