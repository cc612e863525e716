import { z } from 'zod';
import { AppError } from '../../lib/errors';
import type { StoredForm } from '../../schemas/form';
import { findRows } from '../../store/find-rows';
import { FORMS } from '../../store/forms';
import { findByNumber } from '../../store/numbers';
import { getObjectType } from '../../store/object-types';
import { renderForm } from '../forms/form-markup';
import { orderPriceOf } from '../forms/order-price';
import { PROCESSOR_PATH } from '../forms/serve-forms';
import { decimalId, whole } from './parameters';
import { readCall } from './route';

const tag = 'Forms';
const PAGE_SIZE = 50;

/** A form is one block here; Ontraport's ids of blocks have an "f" before the number. */
const blockOf = ({ number }: StoredForm): string => `f${number}`;

/** Forms as other pages take them in. */
export const formBlockRoutes = [
  readCall({
    method: 'get',
    path: '/form',
    tag,
    summary: 'Get the HTML of a form',
    description: `For a page of yours: it posts to ${PROCESSOR_PATH} with the form's "uid", which needs no key.`,
    parameters: z.object({ id: decimalId }),
    answer: '<form method="post" …',
    handler: async ({ db, publicUrl }, { account, given }) => {
      const accountId = account._id;
      const form = await findByNumber<StoredForm>(db, FORMS as never, { accountId, number: given.id });
      if (!form) throw new AppError('form.not-found');
      const { fields } = await getObjectType(db, accountId, form.settings.objectTypeId);
      const price = (await orderPriceOf(db, form))?.text ?? null;
      const action = `${publicUrl}${PROCESSOR_PATH}`;
      return { data: renderForm({ form, fields, price, action, uid: form.token }) };
    },
  }),
  readCall({
    method: 'get',
    path: '/Form/getAllFormBlocks',
    tag,
    summary: 'List the names of forms by the ids of their blocks',
    description: `${PAGE_SIZE} on a page; a form is one block.`,
    parameters: z.object({ page: whole(0, 1_000_000).default(0).meta({ description: 'From 0' }) }),
    example: {},
    answer: { f17: 'Newsletter' },
    handler: async ({ db }, { account, given }) => {
      const rows = { filter: { accountId: account._id }, skip: given.page * PAGE_SIZE, limit: PAGE_SIZE };
      const forms = await findRows<StoredForm>(db, FORMS, rows);
      return { data: Object.fromEntries(forms.map((form) => [blockOf(form), form.settings.name])) };
    },
  }),
  readCall({
    method: 'get',
    path: '/Form/getBlocksByFormName',
    tag,
    summary: 'Find the blocks of the forms with a name',
    parameters: z.object({ name: z.string().trim().min(1).max(100) }),
    answer: { block_ids: ['f17'] },
    handler: async ({ db }, { account, given }) => {
      const filter = { accountId: account._id, 'settings.name': given.name };
      const forms = await findRows<StoredForm>(db, FORMS, { filter, limit: PAGE_SIZE });
      if (forms.length === 0) throw new AppError('form.not-found', { detail: `None has the name ${given.name}.` });
      return { data: { block_ids: forms.map(blockOf) } };
    },
  }),
];
