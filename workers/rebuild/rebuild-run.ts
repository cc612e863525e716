import type { LoadedDataConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { StoredDelivery } from '../../schemas/delivery';
import type { AccountId, DeliveryId } from '../../schemas/ids';
import type { Errand } from '../../workflows/deliver';
import type { MapEntryInput } from '../../workflows/map-entry';
import { decodeFailed, decodeFirst, type HistoryEvent, type HistoryFact, readFacts } from './history-facts';
import { type Ordered, type RebuiltDelivery, rebuildDelivery } from './rebuilt-delivery';

type Pending = temporal.api.workflow.v1.IPendingActivityInfo;
const STARTED = 2;

/** The rows that a run tells of; `unknown` deliveries were ordered before histories had what makes a row. */
export interface RebuiltRun {
  rows: StoredDelivery[];
  unknown: number;
}

/**
 * Makes rows of the webhook log from the history of one run, and from what is pending in it.
 *
 * @throws what the converter throws for payloads that it can't decode
 * @source docs/webhook-log.md#rebuild
 */
export async function rebuildRun(
  converter: LoadedDataConverter,
  run: { events: readonly HistoryEvent[]; pending: readonly Pending[] },
): Promise<RebuiltRun> {
  const deliveries = new Map<DeliveryId, RebuiltDelivery>();
  const unknown = new Set<DeliveryId>();
  let accountId: AccountId | undefined;
  /** The one that is under way */
  let current: DeliveryId | undefined;
  let latestCall = 0;

  const order = (ordered: Omit<Ordered, 'origin'> & Pick<Partial<Ordered>, 'origin'>): void => {
    current = ordered.deliveryId;
    const { origin } = ordered;
    if (!origin) unknown.add(ordered.deliveryId);
    else if (!deliveries.has(current)) deliveries.set(current, rebuildDelivery({ ...ordered, origin }));
  };
  const apply = (fact: HistoryFact): void => {
    switch (fact.kind) {
      case 'started': {
        const input = fact.input as MapEntryInput | Errand;
        accountId = input.accountId;
        if ('deliveryId' in input) order({ ...input, firstCall: input.firstCall ?? 0 });
        break;
      }
      case 'advanced': {
        const { stop } = fact.advanced;
        const next = stop.kind === 'send' ? stop.delivery : null;
        // Asked for the next stop while it was open: its entry left it. The same stop again goes on with it.
        if (current && current !== next?.deliveryId) {
          deliveries.get(current)?.learnAll(stop.kind === 'end' ? (stop.cancelled ?? []) : []);
          deliveries.get(current)?.cancel(fact.askedAt);
        }
        current = undefined;
        if (next && accountId) order({ ...next, accountId, firstCall: 0 });
        break;
      }
      case 'looked':
        if (current && fact.outlook.kind === 'wait') deliveries.get(current)?.shut(fact.outlook.because);
        break;
      case 'ordered':
        order({ ...fact.errand, firstCall: 0 });
        break;
      case 'called':
        latestCall = fact.input.call;
        deliveries.get(fact.input.deliveryId)?.learn(fact.input.journal);
        break;
      case 'answered': {
        const delivery = deliveries.get(fact.input.deliveryId);
        delivery?.begin({ call: fact.input.call, attempt: fact.attempt });
        delivery?.answer(fact.result, fact.at);
        break;
      }
      case 'failed': {
        const delivery = deliveries.get(fact.input.deliveryId);
        delivery?.begin({ call: fact.input.call, attempt: fact.attempt });
        delivery?.learn(fact.failed.journal);
        delivery?.fail(fact.failed.isFinal);
        break;
      }
      case 'recorded': {
        const { deliveryId, journal, result, class: outcome, status } = fact.input;
        const delivery = deliveries.get(deliveryId);
        delivery?.learnAll([...journal, ...(fact.logged ?? [])]);
        delivery?.end(result, { class: outcome, responseStatus: status }, fact.at);
        break;
      }
      case 'closed':
        if (current) deliveries.get(current)?.cancel(fact.at);
    }
  };

  for await (const fact of readFacts(converter, run.events)) apply(fact);
  const open = current === undefined ? undefined : deliveries.get(current);
  const sending = run.pending.find(({ activityType }) => activityType?.name === 'sendWebhook');
  if (open && !open.isOver() && sending) await addPending(converter, open, { sending, call: latestCall });
  return { rows: [...deliveries.values()].map(({ row }) => row), unknown: unknown.size };
}

/** Adds what only the running activity knows: its attempts so far, and whether it sends or waits for the next one. */
async function addPending(
  converter: LoadedDataConverter,
  open: RebuiltDelivery,
  { sending, call }: { sending: Pending; call: number },
): Promise<void> {
  const attempt = sending.attempt ?? 1;
  const beaten = await decodeFirst<unknown>(converter, sending.heartbeatDetails);
  const failed = sending.lastFailure ? await decodeFailed(converter, sending.lastFailure) : null;
  open.learn(Array.isArray(beaten) ? beaten : null);
  open.learn(failed?.journal ?? null);
  const isBegun = sending.state === STARTED;
  if (isBegun || attempt > 1) open.begin({ call, attempt: isBegun ? attempt : attempt - 1 });
  if (isBegun) open.send();
  else if (failed) open.fail(false);
}
