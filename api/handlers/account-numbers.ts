import type { AccountNumbers, NumberedKind } from '../../domain/ontraport/account-numbers';
import { deriveId } from '../../lib/ids';
import type { Field } from '../../schemas/field';
import type { AccountId } from '../../schemas/ids';
import type { Database, Session } from '../../store/database';
import { findIds, findNumbers, type Numbered } from '../../store/numbers';

const COLLECTION_OF: Readonly<Record<NumberedKind, Numbered>> = {
  tag: 'tags',
  record: 'records',
  map: 'maps',
  webhook: 'webhooks',
  form: 'forms',
  message: 'messages',
};

/**
 * What the account has under the decimal ids that a codec asks for, and back.
 *
 * @param of.fields of the object type that the rule or map is for
 * @param use runs the codec once with answers that mean nothing, so that it is known what it asks for; it must change nothing
 * @throws MongoDB's errors
 */
export async function findAccountNumbers(
  db: Database,
  of: { accountId: AccountId; fields: readonly Field[] },
  use: (numbers: AccountNumbers) => unknown,
  session?: Session,
): Promise<AccountNumbers> {
  const { accountId, fields } = of;
  const fieldOf: AccountNumbers['fieldOf'] = (fieldId) => fields.find(({ id }) => id === fieldId);
  const asked = { numbers: new Map<NumberedKind, Set<number>>(), ids: new Map<NumberedKind, Set<string>>() };
  use({
    // An answer of the right shape, so that the codec goes on and asks for the rest.
    idOf: (kind, number) => {
      note(asked.numbers, kind, number);
      return deriveId(kind, 'asked', number);
    },
    numberOf: (kind, id) => {
      note(asked.ids, kind, id);
      return 1;
    },
    fieldOf,
  });
  const idOf = new Map<string, string>();
  const numberOf = new Map<string, number>();
  for (const [kind, from] of Object.entries(COLLECTION_OF) as [NumberedKind, Numbered][]) {
    const numbers = [...(asked.numbers.get(kind) ?? [])];
    const ids = [...(asked.ids.get(kind) ?? [])];
    for (const [number, id] of await findIds(db, from, { accountId, numbers }, session))
      idOf.set(`${kind} ${number}`, id);
    for (const [id, number] of await findNumbers(db, from, { accountId, ids }, session)) {
      numberOf.set(id, number);
      // What a codec writes it reads again, to see that nothing is lost.
      idOf.set(`${kind} ${number}`, id);
    }
  }
  return {
    idOf: (kind, number) => idOf.get(`${kind} ${number}`),
    numberOf: (_kind, id) => numberOf.get(id),
    fieldOf,
  };
}

function note<T>(asked: Map<NumberedKind, Set<T>>, kind: NumberedKind, what: T): void {
  asked.set(kind, (asked.get(kind) ?? new Set<T>()).add(what));
}
