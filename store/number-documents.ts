import { ACCOUNTS } from './accounts';
import type { Collection, Database } from './database';
import { MAPS } from './maps';
import { type Numbered, nextNumber } from './numbers';
import { RECORDS } from './records';
import { TAGS } from './tags';
import { WEBHOOKS } from './webhooks';

type Owned = { _id: string; accountId?: string; number?: number };
const OF_BEFORE: readonly [Numbered, Collection<never>][] = [
  ['accounts', ACCOUNTS as unknown as Collection<never>],
  ['records', RECORDS as unknown as Collection<never>],
  ['tags', TAGS as unknown as Collection<never>],
  ['webhooks', WEBHOOKS as unknown as Collection<never>],
  ['maps', MAPS as unknown as Collection<never>],
];

/** Gives documents of before they had a decimal id theirs, oldest first. Harmless when all have one. */
export async function numberDocuments(db: Database): Promise<void> {
  for (const [kind, from] of OF_BEFORE) {
    const model = db.model(from as Collection<Owned>);
    const without = { number: { $exists: false } } as object;
    for await (const { _id, accountId } of model
      .find(without, { accountId: 1 })
      .sort({ _id: 1 })
      .lean<Owned[]>()
      .cursor()) {
      const number = await nextNumber(db, (accountId ?? 'all') as 'all', kind);
      await model.updateOne({ ...without, _id }, { $set: { number } });
    }
  }
}
