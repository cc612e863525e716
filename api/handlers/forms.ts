import { z } from 'zod';
import type { StoredAccount } from '../../schemas/account';
import {
  type FormSettings,
  formPayment,
  formPaymentSchema,
  formSchema,
  formSettings,
  type StoredForm,
} from '../../schemas/form';
import { idSchema } from '../../schemas/ids';
import { pageOf, pageQuery } from '../../schemas/page';
import type { Session } from '../../store/database';
import { getForm, insertForm, listForms, saveForm } from '../../store/forms';
import { getObjectType } from '../../store/object-types';
import { deletedSchema } from '../deleted';
import { renderForm } from '../forms/form-markup';
import { orderPriceOf } from '../forms/order-price';
import type { Api } from '../parts';
import { refuse } from '../problem';
import { readRoute, writeRoute } from '../route';
import { checkForm } from './check-form';
import { removeForm } from './delete-form';
import { reportPayment } from './report-payment';

const common = { scope: 'key', tag: 'Forms' } as const;
const one = '/v1/forms/:formId';
const params = z.object({ formId: idSchema('form') });
const body = z.object({ settings: formSettings.strict() });
const example = {
  settings: {
    name: 'Newsletter',
    fields: [
      { fieldId: 'email', isRequired: true },
      { fieldId: 'firstname', label: 'Your first name' },
    ],
    redirectUrl: 'https://example.com/thanks',
  },
};

const showForm = ({ publicUrl }: Api, form: StoredForm): z.input<typeof formSchema> => ({
  id: form._id,
  number: form.number,
  settings: form.settings,
  url: `${publicUrl}/forms/${form.token}`,
  createdAt: form.createdAt.toISOString(),
  updatedAt: form.updatedAt.toISOString(),
});

async function refuseBadForm(
  api: Api,
  session: Session,
  account: StoredAccount,
  settings: FormSettings,
): Promise<void> {
  refuse(await checkForm(api.db, session, { accountId: account._id, settings }), 'settings.');
}

/** Pages that anyone may fill in. */
export const formRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/forms',
    summary: 'List forms',
    query: pageQuery,
    response: pageOf(formSchema),
    handler: async (api, { account, query }) => {
      const { items, nextCursor } = await listForms(api.db, account._id, query);
      return { items: items.map((form) => showForm(api, form)), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/forms',
    summary: 'Create a form',
    description: 'Its page stands at "url" at once; anyone who knows the address may fill it in.',
    body,
    example,
    status: 201,
    response: formSchema,
    handler: async (api, { account, body: { settings } }, session) => {
      await refuseBadForm(api, session, account, settings);
      return showForm(api, await insertForm(api.db, session, { accountId: account._id, settings }));
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: one,
    summary: 'Get a form',
    params,
    response: formSchema,
    handler: async (api, { account, params }) =>
      showForm(api, await getForm(api.db, { accountId: account._id, ...params })),
  }),
  writeRoute({
    ...common,
    method: 'put',
    path: one,
    summary: 'Replace the settings of a form',
    description: 'The address of its page stays.',
    params,
    body,
    example,
    response: formSchema,
    handler: async (api, { account, params, body: { settings } }, session) => {
      const of = { accountId: account._id, ...params };
      await getForm(api.db, of, session);
      await refuseBadForm(api, session, account, settings);
      return showForm(api, await saveForm(api.db, session, { ...of, settings }));
    },
  }),
  writeRoute({
    ...common,
    method: 'delete',
    path: one,
    summary: 'Delete a form',
    description:
      'Its page is gone and its rules with it; what was submitted stays. Refused while a map, a global rule or a subscription listens for it.',
    params,
    response: deletedSchema,
    handler: async ({ db }, { account, params }, session) => {
      await removeForm(db, session, { accountId: account._id, ...params });
      return { id: params.formId, isDeleted: true as const };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: `${one}/embed`,
    summary: 'Get a form as HTML for a page of yours',
    params,
    response: z.object({ html: z.string() }).meta({ id: 'FormEmbed' }),
    handler: async ({ db, publicUrl }, { account, params }) => {
      const form = await getForm(db, { accountId: account._id, ...params });
      const { fields } = await getObjectType(db, account._id, form.settings.objectTypeId);
      const price = (await orderPriceOf(db, form))?.text ?? null;
      return { html: renderForm({ form, fields, price, action: `${publicUrl}/forms/${form.token}` }) };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: `${one}/payments`,
    summary: 'Report how a payment of an order form ended',
    description:
      'For payments that are taken elsewhere. A success is a purchase; either way the form counts as submitted with that outcome.',
    params,
    body: formPayment,
    status: 201,
    response: formPaymentSchema,
    writesEvents: true,
    handler: ({ db }, { account, params, body }, session) =>
      reportPayment(db, session, { accountId: account._id, ...params, ...body }),
  }),
];
