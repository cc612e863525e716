import { targetsOf } from '../domain/event-keys';
import { type NumberedTarget, numberedKindOf } from '../domain/subscription-event';
import { renderPayload } from '../domain/subscription-payload';
import type { Fact } from '../schemas/event';
import type { EventRow } from '../schemas/event-catalogue';
import { EVENT_SAMPLES } from '../schemas/event-samples';
import { BUILT_IN_OBJECT_TYPES } from '../schemas/object-type';
import type { PayloadEncoding, PayloadFormat } from '../schemas/subscription';

const AT = new Date(1_514_940_140_000);
const CONTACT = BUILT_IN_OBJECT_TYPES.find(({ objectTypeId }) => objectTypeId === 0);

/** What a subscription is sent for a fact about Ada, a contact. @param of its decimal id, and the target that it names */
export const samplePayload = (
  fact: Fact,
  format: PayloadFormat,
  encoding: PayloadEncoding,
  of: { number?: number; target?: string } = {},
): string =>
  renderPayload(
    { number: of.number ?? 3, settings: { format, encoding } },
    {
      fact,
      target: of.target ?? targetOf(fact),
      objectTypeId: 0,
      at: AT,
      goneId: '8',
      about:
        fact.type === 'record.deleted'
          ? null
          : {
              record: {
                _id: 'rec_01jd0000000000000000000008',
                accountId: 'acc_01jd0000000000000000000001',
                objectTypeId: 0,
                number: 8,
                fields: { firstname: 'Ada', lastname: 'Lovelace', email: 'ada@example.com' },
                tagIds: ['tag_01jd0000000000000000000004'],
                eventSeq: 1,
                createdAt: AT,
                updatedAt: AT,
              },
              fields: CONTACT?.fields.slice(0, 3) ?? [],
              tagNumbers: [4],
              numberOf: () => '',
            },
    },
  );

/** Decimal ids of the things that the samples name. */
const SAMPLE_NUMBERS: Readonly<Record<NumberedTarget, string>> = {
  tag: '4',
  form: '17',
  product: '9',
  map: '140',
  inbound: '5',
};

/** The target of a sample as a payload names it: decimal ids of things, the text of the rest. */
function targetOf(fact: Fact): string | undefined {
  if (fact.type === 'date-field.reached') return fact.fieldId;
  const kind = numberedKindOf(fact.type);
  return kind ? SAMPLE_NUMBERS[kind] : targetsOf(fact)[0];
}

/** The sample of an event. */
export function sampleOf(type: EventRow['type']): Fact {
  const fact = EVENT_SAMPLES.find((sample) => sample.type === type);
  if (!fact) throw new Error(`no sample of ${type} in schemas/event-samples.ts`);
  return fact;
}
