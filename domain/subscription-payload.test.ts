import { describe, expect, test } from '@jest/globals';
import type { Fact } from '../schemas/event';
import { eventRowOf } from '../schemas/event-catalogue';
import { EVENT_SAMPLES } from '../schemas/event-samples';
import type { Field } from '../schemas/field';
import type { StoredRecord } from '../schemas/record';
import { PAYLOAD_ENCODINGS, PAYLOAD_FORMATS, type PayloadEncoding, type PayloadFormat } from '../schemas/subscription';
import { renderPayload, type Told } from './subscription-payload';

const at = new Date('2018-01-03T00:42:20Z');
const fields: Field[] = [
  { id: 'firstname', label: 'First Name', type: 'text' },
  { id: 'lastname', label: 'Last Name', type: 'text' },
  { id: 'email', label: 'Email', type: 'email' },
  { id: 'city', label: 'City', type: 'text' },
  { id: 'spent', label: 'Spent', type: 'price' },
  { id: 'is_vip', label: 'VIP', type: 'check' },
  { id: 'birthday', label: 'Birthday', type: 'fulldate' },
  { id: 'tea', label: 'Tea', type: 'list', options: ['Black', 'Green'] },
  { id: 'employer', label: 'Employer', type: 'parent', objectTypeId: 150 },
];
const values = {
  firstname: 'Ada',
  lastname: 'Lovelace',
  email: 'ada@example.test',
  spent: 12.5,
  is_vip: true,
  birthday: '2018-01-03T00:42:20.000Z',
  tea: ['Green', 'Black'],
  employer: 'rec_01jd0000000000000000000012',
};
const contact = (given: Partial<StoredRecord> = {}): StoredRecord => ({
  _id: 'rec_01jd0000000000000000000008',
  accountId: 'acc_01jd0000000000000000000001',
  number: 8,
  objectTypeId: 0,
  fields: values,
  tagIds: [],
  eventSeq: 1,
  createdAt: at,
  updatedAt: at,
  ...given,
});
const tagAdded: Fact = { type: 'tag.added', tagId: 'tag_01jd0000000000000000000004' };
const told = (given: Partial<Told> = {}, record = contact()): Told => ({
  fact: tagAdded,
  target: '4',
  objectTypeId: record.objectTypeId,
  at,
  about: { record, fields, tagNumbers: [4, 7], numberOf: () => '12' },
  goneId: '',
  ...given,
});
const render = (format: PayloadFormat, encoding: PayloadEncoding, of = told()): string =>
  renderPayload({ number: 3, settings: { format, encoding } }, of);

describe('the documented payload', () => {
  test('lightweight as JSON: the names of a contact, keys in order, ids as text', () => {
    expect(render('lightweight', 'json')).toBe(
      '{"webhook_id":"3","object_type_id":"0","event":{"type":"sub_tag","tag_id":"4"},"data":{"id":"8","firstname":"Ada","lastname":"Lovelace","email":"ada@example.test"},"timestamp":1514940140}',
    );
  });

  test('lightweight as a form: brackets as they are, values encoded', () => {
    expect(render('lightweight', 'form')).toBe(
      'webhook_id=3&object_type_id=0&event[type]=sub_tag&event[tag_id]=4&data[id]=8&data[firstname]=Ada&data[lastname]=Lovelace&data[email]=ada%40example.test&timestamp=1514940140',
    );
  });

  test('notify: the id alone', () => {
    expect(render('notify', 'json')).toBe(
      '{"webhook_id":"3","object_type_id":"0","event":{"type":"sub_tag","tag_id":"4"},"data":{"id":"8"},"timestamp":1514940140}',
    );
    expect(render('notify', 'form')).toBe(
      'webhook_id=3&object_type_id=0&event[type]=sub_tag&event[tag_id]=4&data[id]=8&timestamp=1514940140',
    );
  });

  test('default: all fields, the empty ones too, as the API under /1 shows them', () => {
    const data = {
      id: '8',
      unique_id: 'rec_01jd0000000000000000000008',
      firstname: 'Ada',
      lastname: 'Lovelace',
      email: 'ada@example.test',
      city: '',
      spent: '12.5',
      is_vip: '1',
      birthday: '1514940140',
      tea: '*/*2*/*1*/*',
      employer: '12',
      contact_cat: '*/*4*/*7*/*',
      date: '1514940140',
      dlm: '1514940140',
    };
    expect(JSON.parse(render('default', 'json')).data).toEqual(data);
    expect(Object.keys(JSON.parse(render('default', 'json')).data)).toEqual(Object.keys(data));
    const form = new URLSearchParams(render('default', 'form'));
    for (const [key, value] of Object.entries(data)) expect(form.get(`data[${key}]`)).toBe(value);
  });
});

test('another object type is named by its name, or else by its first field', () => {
  const deal = contact({ objectTypeId: 149, fields: { stage: 'Won', name: 'Engine' } });
  const dealFields: Field[] = [
    { id: 'stage', label: 'Stage', type: 'text' },
    { id: 'name', label: 'Name', type: 'text' },
  ];
  const about = (shown: Field[]) => told({ about: { ...told().about, record: deal, fields: shown } as Told['about'] });
  const data = (shown: Field[]) => JSON.parse(render('lightweight', 'json', about(shown))).data;
  expect(data(dealFields)).toEqual({ id: '8', name: 'Engine' });
  expect(data(dealFields.slice(0, 1))).toEqual({ id: '8', stage: 'Won' });
});

test('of a record that is gone the id is told', () => {
  const gone = told({
    fact: { type: 'record.deleted' },
    target: undefined,
    about: null,
    goneId: '8',
    objectTypeId: 150,
  });
  for (const format of PAYLOAD_FORMATS)
    expect(JSON.parse(render(format, 'json', gone))).toEqual({
      webhook_id: '3',
      object_type_id: '150',
      event: { type: 'object_delete', object_type_id: '150' },
      data: { id: '8' },
      timestamp: 1514940140,
    });
});

test('what data is made from gives the object type: a purchase is told of as such', () => {
  const fact: Fact = {
    type: 'product.purchased',
    productId: 'rec_01jd0000000000000000000009',
    purchaseId: 'rec_01jd0000000000000000000008',
  };
  const payload = render('notify', 'json', told({ fact, target: '9', objectTypeId: 0 }, contact({ objectTypeId: 17 })));
  expect(JSON.parse(payload)).toMatchObject({
    object_type_id: '17',
    event: { type: 'purchase_product', product_id: '9' },
    data: { id: '8' },
  });
});

test.each(EVENT_SAMPLES.map((fact) => [fact.type, fact] as const))(
  '%s is told by its name and target, in every format and encoding',
  (_, fact) => {
    const row = eventRowOf(fact.type);
    const key = row?.targetKey;
    for (const format of PAYLOAD_FORMATS)
      for (const encoding of PAYLOAD_ENCODINGS) {
        const text = render(format, encoding, told({ fact, target: '4' }));
        const form = new URLSearchParams(text);
        const read = (path: string, name: string) =>
          encoding === 'json' ? JSON.parse(text)[path][name] : form.get(`${path}[${name}]`);
        expect(read('event', 'type')).toBe(row?.subscription);
        if (key) expect(read('event', key)).toBe(key === 'object_type_id' ? '0' : '4');
        expect(read('data', 'id')).toBe('8');
      }
  },
);

test('what belongs to our own events is told with them, but not in a notification', () => {
  const fact: Fact = {
    type: 'custom',
    name: 'order.shipped',
    data: { order: 7, lines: ['a b', 'c&d'], 'odd key]': null },
  };
  const of = told({ fact, target: 'order.shipped' });
  expect(JSON.parse(render('lightweight', 'json', of)).event).toEqual({
    type: 'custom',
    name: 'order.shipped',
    data: fact.data,
  });
  expect(render('lightweight', 'form', of)).toContain(
    'event[name]=order.shipped&event[data][order]=7&event[data][lines][0]=a+b&event[data][lines][1]=c%26d&event[data][odd+key%5D]=&data[id]',
  );
  expect(JSON.parse(render('notify', 'json', of)).event).toEqual({ type: 'custom', name: 'order.shipped' });
});

test('a lone surrogate becomes U+FFFD in both encodings', () => {
  const of = told({}, contact({ fields: { firstname: 'A\ud800' } }));
  expect(JSON.parse(render('lightweight', 'json', of)).data.firstname).toBe('A\ufffd');
  expect(new URLSearchParams(render('lightweight', 'form', of)).get('data[firstname]')).toBe('A\ufffd');
});
