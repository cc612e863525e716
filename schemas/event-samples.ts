import type { Fact } from './event';

const REC = 'rec_01jd0000000000000000000001';
const PRODUCT = 'rec_01jd0000000000000000000016';
const [TAG, FORM, MAP, ENTRY, INBOUND] = [
  'tag_01jd0000000000000000000004',
  'frm_01jd0000000000000000000017',
  'map_01jd0000000000000000000140',
  'ent_01jd0000000000000000000001',
  'inb_01jd0000000000000000000001',
] as const;

/** One example of each kind of event that can be listened for; the documents show them and tests send them. */
export const EVENT_SAMPLES: readonly Fact[] = [
  { type: 'record.created' },
  { type: 'record.deleted' },
  { type: 'record.merged', mergedId: REC },
  { type: 'field.updated', fieldId: 'city', before: null, after: 'London' },
  { type: 'tag.added', tagId: TAG },
  { type: 'tag.removed', tagId: TAG },
  { type: 'form.submitted', formId: FORM, outcome: 'success', data: { email: 'ada@example.com' } },
  { type: 'product.purchased', productId: PRODUCT, purchaseId: REC },
  { type: 'product.refunded', productId: PRODUCT, purchaseId: REC },
  { type: 'transaction.added', transactionId: REC, productIds: [PRODUCT] },
  { type: 'map.added', mapId: MAP, entryId: ENTRY },
  { type: 'map.removed', mapId: MAP, entryId: ENTRY },
  { type: 'map.paused', mapId: MAP, entryId: ENTRY },
  { type: 'map.resumed', mapId: MAP, entryId: ENTRY },
  { type: 'goal.reached', mapId: MAP, elementId: 'bought', entryId: ENTRY },
  { type: 'task.completed', taskId: REC },
  { type: 'task.cancelled', taskId: REC },
  { type: 'task.overdue', taskId: REC },
  { type: 'email.opened', messageId: 'welcome' },
  { type: 'email.clicked', messageId: 'welcome', link: 'https://example.com/offer' },
  { type: 'sms.received', text: 'Yes please' },
  { type: 'inbound.received', inboundId: INBOUND, data: { order: 7 } },
  { type: 'date-field.reached', fieldId: 'birthday', offsetDays: 0, isYearly: true, date: '2026-12-10' },
  { type: 'date.reached', date: '2026-12-24' },
  { type: 'custom', name: 'order.shipped', data: { order: 7 } },
];
