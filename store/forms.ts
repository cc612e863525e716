import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { newId, newSecret } from '../lib/ids';
import type { FormSettings, StoredForm } from '../schemas/form';
import type { AccountId, FormId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, Mixed, type Session } from './database';
import { NUMBER_INDEX, nextNumber } from './numbers';
import { listPage } from './page';

export const FORMS = collection<StoredForm>({
  name: 'forms',
  shape: {
    _id: String,
    accountId: String,
    number: Number,
    token: String,
    settings: Mixed,
    createdAt: Date,
    updatedAt: Date,
  },
  indexes: [[{ accountId: 1, _id: -1 }], [{ token: 1 }, { unique: true }], NUMBER_INDEX],
});

type Of = { accountId: AccountId; formId: FormId };

/** Creates a form under an address that cannot be guessed. */
export async function insertForm(
  db: Database,
  session: Session,
  given: { accountId: AccountId; settings: FormSettings },
): Promise<StoredForm> {
  const at = now();
  const number = await nextNumber(db, given.accountId, 'forms');
  const form: StoredForm = { ...given, _id: newId('form'), number, token: newSecret(), createdAt: at, updatedAt: at };
  await db.model(FORMS).create([form], { session });
  return form;
}

/** The form, or null. */
export const findForm = async (db: Database, of: Of, session?: Session): Promise<StoredForm | null> =>
  db
    .model(FORMS)
    .findOne({ _id: of.formId, accountId: of.accountId }, null, session ? { session } : {})
    .lean<StoredForm>();

/** @throws AppError `form.not-found` */
export async function getForm(db: Database, of: Of, session?: Session): Promise<StoredForm> {
  const form = await findForm(db, of, session);
  if (!form) throw new AppError('form.not-found');
  return form;
}

/** The form whose page has this token, whichever account's; or null. */
export const findFormByToken = async (db: Database, token: string): Promise<StoredForm | null> =>
  db.model(FORMS).findOne({ token }).lean<StoredForm>();

/** Replaces the settings; the address of the page stays. @throws AppError `form.not-found` */
export async function saveForm(
  db: Database,
  session: Session,
  edit: Of & { settings: FormSettings },
): Promise<StoredForm> {
  const form = await db
    .model(FORMS)
    .findOneAndUpdate(
      { _id: edit.formId, accountId: edit.accountId },
      { $set: { settings: edit.settings, updatedAt: now() } },
      { session, returnDocument: 'after' },
    )
    .lean<StoredForm>();
  if (!form) throw new AppError('form.not-found');
  return form;
}

/** Deletes a form; its page is gone, what was submitted stays. @throws AppError `form.not-found` */
export async function deleteForm(db: Database, session: Session, of: Of): Promise<void> {
  const { deletedCount } = await db.model(FORMS).deleteOne({ _id: of.formId, accountId: of.accountId }, { session });
  if (deletedCount === 0) throw new AppError('form.not-found');
}

/** The account's forms, newest first. */
export const listForms = (db: Database, accountId: AccountId, page: PageQuery): Promise<Page<StoredForm>> =>
  listPage(db, FORMS, { accountId }, page);
