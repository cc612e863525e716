import { expect } from '@jest/globals';
import type { FieldValues } from '../../schemas/field';
import type { RecordId, RuleId } from '../../schemas/ids';
import type { TestApi } from './open-test-api';
import { until } from './until';

const PATIENCE_MS = 60_000;

/** What tests of rules ask of the API, as Ada. */
export function openRuleCaller({ ada }: TestApi) {
  const get = async (path: string) => (await ada.call('GET', path)).body;
  /** What the rule made of the record's events, newest first; waits until there is something. */
  const evaluations = (ruleId: RuleId, recordId: RecordId) =>
    until(
      'the rule to look',
      async () => {
        const { items } = await get(`/v1/rules/${ruleId}/evaluations?recordId=${recordId}`);
        return items.length > 0 && items;
      },
      PATIENCE_MS,
    );
  return {
    get,
    evaluations,
    switchFeatures: (features: object) => ada.call('PATCH', '/v1/account', { settings: { features } }),
    async makeRule(settings: object, formId?: string): Promise<RuleId> {
      const answer = await ada.call('POST', '/v1/rules', { settings: { name: 'Rule', ...settings }, formId });
      expect([answer.status, answer.body.problems]).toEqual([201, undefined]);
      return answer.body.id;
    },
    makeContact: async (fields: FieldValues = {}): Promise<RecordId> =>
      (await ada.call('POST', '/v1/records', { fields })).body.id,
    say: (recordId: RecordId, name: string) => ada.call('POST', '/v1/events', { recordId, name }),
    tagsOf: async (recordId: RecordId): Promise<string[]> =>
      (await get(`/v1/records/${recordId}`)).tags.map(({ name }: { name: string }) => name).sort(),
    /** The newest evaluation: `false: condition 2 was false: State is NV` */
    async whyNot(ruleId: RuleId, recordId: RecordId): Promise<string> {
      const [{ didFire, because }] = await evaluations(ruleId, recordId);
      return `${didFire}: ${because}`;
    },
    entriesOf: async (recordId: RecordId) => (await get(`/v1/entries?recordId=${recordId}`)).items,
    /** Waits until all events of the record so far are handled. */
    untilHandled: (recordId: RecordId) =>
      until(
        'the events to be handled',
        async () => {
          const { items } = await get(`/v1/events?recordId=${recordId}`);
          return items.every(({ status }: { status: string }) => status === 'settled');
        },
        PATIENCE_MS,
      ),
  };
}
