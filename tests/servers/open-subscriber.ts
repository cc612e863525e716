import type { StoredEvent } from '../../schemas/event';
import type { RecordId, SubscriptionId, WebhookId } from '../../schemas/ids';
import { EVENTS } from '../../store/events';
import { findNumbers } from '../../store/numbers';
import type { Arrival, Receiver } from './open-receiver';
import type { TestApi } from './open-test-api';
import { until } from './until';

export const PATIENCE_MS = 60_000;

/** What tests need of a subscription that was made. */
export interface Subscribed {
  id: SubscriptionId;
  number: number;
  webhookId: WebhookId;
  signingSecret: string;
}

/** What tests of subscriptions ask of the API, as Ada, and of the receiver that she subscribes. */
export function openSubscriber({ ada, system }: TestApi, receiver: Receiver) {
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await ada.call(method, path, body);
    if (answer.status >= 300) throw new Error(answer.text);
    return answer.body;
  };
  const get = (path: string) => call('GET', path);
  const post = (path: string, body: unknown = {}) => call('POST', path, body);
  const at = (path: string): Arrival[] => receiver.arrivals.filter((arrival) => arrival.path === path);
  const rows = async (webhookId: WebhookId) => (await get(`/v1/deliveries?webhookId=${webhookId}&limit=100`)).items;
  return {
    call,
    get,
    post,
    at,
    rows,
    /** @param more other settings, and the path of the receiver: /hook unless given */
    subscribe(event: object, more: { path?: string } & Record<string, unknown> = {}): Promise<Subscribed> {
      const { path = '/hook', ...settings } = more;
      return post('/v1/subscriptions', { settings: { event, url: `${receiver.url}${path}`, ...settings } });
    },
    async removeAll(): Promise<void> {
      for (const { id } of (await get('/v1/subscriptions?limit=200')).items)
        await call('DELETE', `/v1/subscriptions/${id}`);
    },
    untilArrived: (path: string, count = 1): Promise<Arrival[]> =>
      until(`${count} at ${path}`, () => (at(path).length >= count ? at(path) : null), PATIENCE_MS),
    untilAll: (webhookId: WebhookId, status: string, count: number) =>
      until(
        `${count} ${status}`,
        async () => {
          const all = await rows(webhookId);
          return all.filter((row: { status: string }) => row.status === status).length === count && all;
        },
        PATIENCE_MS,
      ),
    /** The decimal id of a record or tag, as payloads have it. */
    async numberOf(kind: 'records' | 'tags', id: string): Promise<string> {
      return String((await findNumbers(system.db, kind, { accountId: ada.account._id, ids: [id] })).get(id));
    },
    /** The first event of a record whose fact has these values. */
    async eventOf(recordId: RecordId, fact: Record<string, string>): Promise<StoredEvent> {
      const wanted = Object.fromEntries(Object.entries(fact).map(([key, value]) => [`fact.${key}`, value]));
      return (await system.db
        .model(EVENTS)
        .findOne({ recordId, ...wanted } as object)
        .lean<StoredEvent>()) as StoredEvent;
    },
  };
}
