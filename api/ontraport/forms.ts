import type { StoredForm } from '../../schemas/form';
import type { AccountId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { FORMS } from '../../store/forms';
import { collectionRoutes } from './collection-routes';
import type { Resource, Shown } from './resource';

const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));

const showForm = ({ number, token, settings, createdAt, updatedAt }: StoredForm): Shown => ({
  id: String(number),
  uid: token,
  formname: settings.name,
  object_type_id: String(settings.objectTypeId),
  redirect: settings.redirectUrl ?? '',
  date: seconds(createdAt),
  dlm: seconds(updatedAt),
  deleted: '0',
});

const openForms = async (_db: Database, accountId: AccountId): Promise<Resource<StoredForm>> => ({
  objectId: 122,
  name: 'Form',
  from: FORMS,
  where: { accountId },
  columns: [
    { name: 'id', path: 'number', kind: 'number' },
    { name: 'formname', path: 'settings.name', kind: 'text' },
  ],
  fields: [
    { name: 'uid', alias: 'Unique ID', type: 'text' },
    { name: 'formname', alias: 'Name', type: 'text' },
    { name: 'object_type_id', alias: 'Object Type', type: 'numeric' },
    { name: 'redirect', alias: 'Redirect', type: 'text' },
    { name: 'date', alias: 'Date Added', type: 'fulldate' },
    { name: 'dlm', alias: 'Last Modified', type: 'fulldate' },
  ],
  listFields: ['formname'],
  show: async (forms) => forms.map(showForm),
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
    redirect: 'https://example.com/thanks',
    date: '1767225600',
    dlm: '1767225600',
    deleted: '0',
  },
});
