import { z } from 'zod';
import { monotonicMs, pause } from '../../lib/clock';
import { signatureBase } from '../../lib/secrets/signature';
import { FINAL_STATUSES, type StoredDelivery } from '../../schemas/delivery';
import { deliverySchema } from '../../schemas/delivery-answer';
import type { AccountId, DeliveryId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { getDelivery } from '../../store/deliveries';
import type { Api } from '../parts';
import { showDelivery } from './delivery-answer';

/** The longest request with the longest wait in place for a slot. */
const WAIT_MS = 45_000;
const LOOK_MS = 40;
const LOGGED_BODY_CHARS = 16 * 1024;

/** What a test answers with. */
export const testAnswer = deliverySchema.extend({
  signatureBase: z
    .string()
    .nullable()
    .meta({ description: 'What the signature is over: id, timestamp and body, joined by dots' }),
});

/** The delivery of a test when it is over; or as it stands when that takes too long. */
export async function showTest(
  { db, engine }: Pick<Api, 'db' | 'engine'>,
  of: { accountId: AccountId; deliveryId: DeliveryId },
): Promise<z.input<typeof testAnswer>> {
  const row = await untilOver(db, of);
  return { ...showDelivery(engine, row), signatureBase: baseOf(row) };
}

async function untilOver(db: Database, of: { accountId: AccountId; deliveryId: DeliveryId }): Promise<StoredDelivery> {
  const startedMs = monotonicMs();
  for (;;) {
    const row = await getDelivery(db, of);
    if (FINAL_STATUSES.includes(row.status) || monotonicMs() - startedMs > WAIT_MS) return row;
    await pause(LOOK_MS);
  }
}

/** What the request of a test was signed over; null when nothing was sent, or its body is too long to be in the log. */
function baseOf(row: StoredDelivery): string | null {
  const request = row.attempts.at(-1)?.request;
  const timestamp = request?.headers['webhook-timestamp'];
  if (!request || timestamp === undefined || request.body.length >= LOGGED_BODY_CHARS) return null;
  return signatureBase({ id: row._id, timestampSeconds: Number(timestamp), body: request.body });
}
