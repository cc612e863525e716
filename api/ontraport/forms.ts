import { joinList, secondsOf } from '../../domain/ontraport-value';
import type { StoredForm } from '../../schemas/form';
import type { AccountId, TagId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { FORMS } from '../../store/forms';
import { findTags } from '../../store/tags';
import { collectionRoutes } from './collection-routes';
import type { Described, Resource, Shown } from './resource';

const FIELDS: readonly Described[] = [
  { name: 'id', alias: 'ID', type: 'numeric' },
  { name: 'uid', alias: 'Unique ID', type: 'text' },
  { name: 'formname', alias: 'Name', type: 'text' },
  { name: 'object_type_id', alias: 'Object Type', type: 'numeric' },
  { name: 'tags', alias: 'Tags', type: 'list' },
  { name: 'sequences', alias: 'Sequences', type: 'list' },
  { name: 'redirect', alias: 'Redirect', type: 'text' },
  { name: 'owner', alias: 'Owner', type: 'numeric' },
  { name: 'captcha', alias: 'Captcha', type: 'check' },
  { name: 'notif', alias: 'Notify', type: 'text' },
  { name: 'responsive', alias: 'Responsive', type: 'check' },
  { name: 'date', alias: 'Date Added', type: 'fulldate' },
  { name: 'dlm', alias: 'Last Modified', type: 'fulldate' },
  { name: 'deleted', alias: 'Deleted', type: 'check' },
];

/** A form has neither sequences nor a captcha, and notifies nobody by itself; its page fits every screen. */
const showForm = (form: StoredForm, tagNumbers: ReadonlyMap<TagId, string>): Shown => ({
  id: String(form.number),
  uid: form.token,
  formname: form.settings.name,
  object_type_id: String(form.settings.objectTypeId),
  tags: joinList(form.settings.tagIds.flatMap((id) => tagNumbers.get(id) ?? [])),
  sequences: '',
  redirect: form.settings.redirectUrl ?? '',
  owner: '1',
  captcha: '0',
  notif: '',
  responsive: '1',
  date: secondsOf(form.createdAt),
  dlm: secondsOf(form.updatedAt),
  deleted: '0',
});

const openForms = async (db: Database, accountId: AccountId): Promise<Resource<StoredForm>> => ({
  objectId: 122,
  name: 'Form',
  from: FORMS,
  where: { accountId },
  columns: [
    { name: 'id', path: 'number', kind: 'number' },
    { name: 'formname', path: 'settings.name', kind: 'text' },
  ],
  fields: FIELDS,
  listFields: ['formname'],
  show: async (forms) => {
    const tagIds = [...new Set(forms.flatMap(({ settings }) => settings.tagIds))];
    const tags = await findTags(db, accountId, tagIds);
    const numbers = new Map(tags.map(({ _id, number }) => [_id, String(number)]));
    return forms.map((form) => showForm(form, numbers));
  },
});

/** Forms, to be read; they are made and changed at /v1/forms. */
export const formRoutes = collectionRoutes({
  tag: 'Forms',
  one: 'Form',
  several: 'Forms',
  open: openForms,
  notFound: 'form.not-found',
  answer: {
    id: '17',
    uid: 'mB3k…',
    formname: 'Newsletter',
    object_type_id: '0',
    tags: '*/*4*/*',
    redirect: 'https://example.com/thanks',
    date: '1767225600',
    dlm: '1767225600',
    deleted: '0',
  },
});
