import { expect, test } from '@jest/globals';
import { BUILT_IN_OBJECT_TYPES, type ObjectType } from '../schemas/object-type';
import { webhookSettings } from '../schemas/webhook';
import { renderEdited } from './render-edited';

test('an edited request keeps all brackets as written; headers have their values', () => {
  const contact = { ...BUILT_IN_OBJECT_TYPES[0], isBuiltIn: true } as ObjectType;
  const headers = [{ name: 'X-Name', value: '[First Name] [Entry//order_id]' }];
  const settings = webhookSettings.parse({ name: 'n', url: 'https://example.com/', headers });
  const record = { id: 'rec_1', fields: { firstname: 'Ada' }, variables: { order_id: 7 } };
  const body = '{"a":"[First Name]","b":"[Record ID]","c":"[Entry//order_id]"}';
  const override = { url: 'https://example.com/new', body };
  const { request } = renderEdited(override, settings, record, contact, { id: 'dlv_1', attemptNumber: 1 });
  expect(request).toMatchObject({ url: 'https://example.com/new', body, headers: { 'x-name': 'Ada 7' } });
});
