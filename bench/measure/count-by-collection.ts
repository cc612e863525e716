import type { Database } from '../../store/database';
import type { Counts } from './count-operations';

interface Usage {
  count: number;
}
type Totals = Record<string, { queries: Usage; insert: Usage; update: Usage; commands: Usage; getmore: Usage }>;

/** Operations of every collection of the database since MongoDB's start, as `events insert`. */
export async function countByCollection(db: Database): Promise<Counts> {
  const client = db.connection.getClient();
  const { totals } = (await client.db('admin').command({ top: 1 })) as unknown as { totals: Totals };
  const prefix = `${db.connection.name}.`;
  const counts: Counts = {};
  for (const [namespace, usage] of Object.entries(totals)) {
    if (!namespace.startsWith(prefix)) continue;
    const name = namespace.slice(prefix.length);
    for (const kind of ['queries', 'insert', 'update', 'commands', 'getmore'] as const)
      counts[`${name} ${kind}`] = Number(usage[kind].count);
  }
  return counts;
}
