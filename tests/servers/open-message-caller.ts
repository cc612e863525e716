import { expect } from '@jest/globals';
import type { RecordId } from '../../schemas/ids';
import type { TestApi } from './open-test-api';
import { until } from './until';

const PATIENCE_MS = 60_000;

/** What tests of messages ask of the API, as Ada. */
export function openMessageCaller({ ada }: TestApi) {
  const of = async (recordId: RecordId) =>
    (await ada.call('GET', `/v1/outgoing-messages?recordId=${recordId}`)).body.items;
  return {
    /** What rules sent about a record, newest first. */
    of,
    async make(settings: object): Promise<string> {
      const answer = await ada.call('POST', '/v1/messages', { settings });
      expect([answer.status, answer.body.problems]).toEqual([201, undefined]);
      return answer.body.id;
    },
    /** The same, once there are so many and none is queued. */
    untilOver: (recordId: RecordId, count = 1) =>
      until(
        'the message to be over',
        async () => {
          const items = await of(recordId);
          return (
            items.length === count && items.every(({ status }: { status: string }) => status !== 'queued') && items
          );
        },
        PATIENCE_MS,
      ),
  };
}
