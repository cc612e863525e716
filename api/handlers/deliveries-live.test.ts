import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { choosePort } from '../../embedded/choose-port';
import type { StoredDelivery } from '../../schemas/delivery';
import { DELIVERIES } from '../../store/deliveries';
import { beginAttempt, saveProgress } from '../../store/delivery-attempts';
import { type ApiCaller, openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';
import { loggedAttempt, storedDelivery } from '../../tests/servers/stored';
import { until } from '../../tests/servers/until';
import { buildApp } from '../build-app';
import { listen } from '../listen';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

interface Tail {
  events: { id: string; data: { id: string; status: string; attemptCount: number; lastAttempt: unknown } }[];
  /** The latest id, of an event or of a comment */
  lastId(): string | undefined;
  text(): string;
  isOver(): boolean;
  close(): void;
}

/** Opens a live tail; resolves when the server has begun it. */
async function tail(caller: ApiCaller, query = '', lastEventId?: string, url = api.url): Promise<Tail> {
  const stop = new AbortController();
  const headers = { 'api-key': caller.apiKey, 'api-appid': caller.account.appId };
  const response = await fetch(`${url}/v1/deliveries/live?${query}`, {
    signal: stop.signal,
    headers: { ...headers, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  let text = '';
  let isOver = false;
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
  };
  read()
    .catch(() => undefined)
    .finally(() => {
      isOver = true;
    });
  const opened: Tail = {
    get events() {
      return text
        .split('\n\n')
        .slice(0, -1)
        .filter((part) => part.includes('event: delivery'))
        .map((part) => ({
          id: /^id: (.*)$/m.exec(part)?.[1] ?? '',
          data: JSON.parse(/^data: (.*)$/m.exec(part)?.[1] ?? ''),
        }));
    },
    lastId: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1],
    text: () => text,
    isOver: () => isOver,
    close: () => stop.abort(),
  };
  await until('the beginning of the tail', () => opened.lastId());
  return opened;
}

async function insert(given: Partial<StoredDelivery> = {}, caller: ApiCaller = api.ada): Promise<StoredDelivery> {
  const row = storedDelivery({ accountId: caller.account._id, ...given });
  await api.system.db.model(DELIVERIES).create([row]);
  return row;
}
async function fail({ _id: deliveryId, workflowId }: StoredDelivery): Promise<void> {
  await beginAttempt(api.system.db, deliveryId, { call: 0, attempt: 1 });
  await saveProgress(api.system.db, {
    deliveryId,
    by: { workflowId },
    attempts: [loggedAttempt(0, 1)],
    status: 'failed',
    class: 'transient',
    responseStatus: 500,
    nextAttemptAt: null,
    finishedAt: new Date(),
    waitingFor: null,
  });
}

test('every change of a row is told as the slim row, from the insert to the end', async () => {
  const live = await tail(api.ada);
  const row = await insert();
  await until('the insert', () => live.events.some(({ data }) => data.id === row._id && data.status === 'queued'));
  await fail(row);
  const last = await until('the end', () => live.events.find(({ data }) => data.status === 'failed'));
  expect(last.data).toMatchObject({ id: row._id, attemptCount: 1, lastAttempt: { status: 500 } });
  const { body } = await api.ada.call('GET', `/v1/deliveries?recordId=${row.recordId}`);
  expect(last.data).toEqual(body.items[0]);
  live.close();
});

test('the filters narrow it', async () => {
  const live = await tail(api.ada, 'status=failed,cancelled&responseStatus=5xx&minAttempts=1&class=transient');
  const [quiet, loud] = [await insert(), await insert()];
  await fail(loud);
  await until('the failed one', () => live.events.length > 0);
  expect(live.events.map(({ data }) => data.id)).toEqual([loud._id]);
  expect(live.text()).not.toContain(quiet._id);
  live.close();
});

test('with Last-Event-ID it goes on where an earlier one ended, without a gap', async () => {
  const first = await tail(api.ada);
  const before = await insert();
  const event = await until('the row', () => first.events.find(({ data }) => data.id === before._id));
  first.close();
  await until('its end', first.isOver);
  const between = [await insert(), await insert(), await insert()];

  const second = await tail(api.ada, '', event.id);
  await until('all three', () => second.events.length >= 3);
  expect(second.events.map(({ data }) => data.id)).toEqual(between.map(({ _id }) => _id));
  second.close();
});

test('an id is known before the first event, so that a tail that saw nothing goes on as well', async () => {
  const first = await tail(api.ada, 'host=nowhere.example');
  const id = first.lastId();
  first.close();
  const row = await insert();
  const second = await tail(api.ada, '', id);
  await until('the row', () => second.events.some(({ data }) => data.id === row._id));
  second.close();
});

test('a filter or an id that is none is refused', async () => {
  const bad = await api.ada.call('GET', '/v1/deliveries/live?text=x&status=nope');
  expect(bad.status).toBe(400);
  expect(
    problemOf(bad)
      .problems.map(({ path }) => path)
      .sort(),
  ).toEqual(['status', 'text']);
  for (const id of ['nope', '82'.repeat(40), 'ab'.repeat(20)]) {
    const answer = await api.ada.call('GET', '/v1/deliveries/live', undefined, { headers: { 'last-event-id': id } });
    expect([id, answer.status]).toEqual([id, 400]);
    expect(problemOf(answer).problems).toEqual([
      { path: 'Last-Event-ID', message: expect.stringMatching(/leave it out/) },
    ]);
  }
});

test('without a key nothing is told', async () => {
  const headers = { 'api-key': 'another' };
  expect((await api.ada.call('GET', '/v1/deliveries/live', undefined, { headers })).status).toBe(401);
});

test('another account is told nothing of it', async () => {
  const [ada, bob] = [await tail(api.ada), await tail(api.bob)];
  const [hers, his] = [await insert(), await insert({}, api.bob)];
  await until('both rows', () => ada.events.length > 0 && bob.events.length > 0);
  expect(ada.events.map(({ data }) => data.id)).toEqual([hers._id]);
  expect(bob.events.map(({ data }) => data.id)).toEqual([his._id]);
  for (const live of [ada, bob]) live.close();
});

test('an account has 10 at once, and a place is free again when a client goes', async () => {
  const open: Tail[] = [];
  while (open.length < 10) open.push(await until('a place', () => tail(api.bob)));
  const refused = await api.bob.call('GET', '/v1/deliveries/live');
  expect([refused.status, problemOf(refused).code]).toEqual([429, 'live.too-many']);
  open[0]?.close();
  const again = await until('a free place', () => tail(api.bob));
  for (const live of [...open, again]) live.close();
});

test('it ends when the process stops, and does not hold the process up', async () => {
  const app = buildApp(api.parts);
  const port = await choosePort(0);
  const stop = await listen(app, { host: '127.0.0.1', port });
  const live = await tail(api.ada, '', undefined, `http://127.0.0.1:${port}`);
  const beganMs = Date.now();
  await stop();
  await until('its end', live.isOver);
  expect(Date.now() - beganMs).toBeLessThan(3000);
});
