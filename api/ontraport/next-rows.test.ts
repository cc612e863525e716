import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { nextLink } from './next-link';

let api: TestApi;
let send: OntraportCaller['send'];
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
beforeAll(async () => {
  api = await openTestApi();
  ({ send, dataOf, refusalOf } = ontraportCaller(api.ada));
});
afterAll(() => api.close());

/** Pages of a list, from one to the next by the header Link. */
async function pagesOf(path: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | undefined = path; next; ) {
    const { body, headers } = await send('GET', next);
    pages.push(body.data.map(({ id }: { id: string }) => id));
    next = /^<\/1(\/[^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
  }
  return pages;
}

test('a list that goes on leads to its next rows: who follows gets every row once', async () => {
  const ids: string[] = [];
  for (let n = 1; n <= 5; n++) ids.push((await dataOf('POST', '/Tags', { tag_name: `A & <b> ${n}` })).id);
  await dataOf('POST', '/Tags', { tag_name: 'Another' });
  const [a, b, c, d, e] = ids;
  const search = encodeURIComponent('a & <B>');
  expect(await pagesOf(`/Tags?search=${search}&range=2&listFields=id`)).toEqual([[a, b], [c, d], [e]]);
  expect(await pagesOf(`/tags?search=${search}&range=2&start=1&sort=tag_name&sortDir=desc`)).toEqual([
    [d, c],
    [b, a],
  ]);
  expect(await pagesOf(`/Tags?search=${search}&range=5`)).toEqual([ids]);
  expect(await pagesOf(`/Tags?ids[]=${a}&ids[]=${b}&range=1`)).toEqual([[a], [b]]);
});

test('tag subscribers lead on, too', async () => {
  const { id } = await dataOf('POST', '/Contacts', {});
  await dataOf('PUT', '/objects/tagByName', { ids: [id], add_names: ['One', 'Two', 'Three'] });
  const pages = await pagesOf('/TagSubscribers?range=2');
  expect(pages.map((page) => page.length)).toEqual([2, 1]);
});

test('50 rows unless told otherwise, and up to 250', async () => {
  for (let n = 0; n < 51; n++) await dataOf('POST', '/Companies', {});
  const { body, headers } = await send('GET', '/Companies?count=1');
  expect([body.data.length, body.count]).toEqual([50, 51]);
  expect(headers.get('link')).toBe('</1/Companies?count=1&start=50>; rel="next"');
  const whole = await send('GET', '/Companies?range=250');
  expect([whole.body.data.length, whole.headers.get('link')]).toEqual([51, null]);
  expect(await refusalOf('GET', '/Companies?range=251')).toEqual([400, 'range: must be at most 250']);
});

test('a call whose parameters are in its body has no link, which could not repeat them', () => {
  expect(nextLink({ originalUrl: '/1/Contacts', body: '{"range":2}' }, 2)).toBeNull();
  expect(nextLink({ originalUrl: '/1/Contacts', body: '' }, 2)).toBe('</1/Contacts?start=2>; rel="next"');
  expect(nextLink({ originalUrl: '/1/Tags?search=a>b%3E&start=2', body: undefined }, 4)).toBe(
    '</1/Tags?search=a%3Eb%3E&start=4>; rel="next"',
  );
});
