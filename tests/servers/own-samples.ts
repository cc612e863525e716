import { targetsOf } from '../../domain/event-keys';
import { type NumberedTarget, numberedKindOf } from '../../domain/subscription-event';
import type { Fact } from '../../schemas/event';
import type { MapId } from '../../schemas/ids';
import { findNumbers, NUMBERED_TARGETS } from '../../store/numbers';
import type { TestApi } from './open-test-api';

/** What samples of events name, made in an account, with its decimal id. */
export type Made = Record<NumberedTarget, { id: string; number: string }>;

/** Makes one of each that a sample may name, beside the map. */
export async function makeTargets({ ada, system }: TestApi, mapId: MapId): Promise<Made> {
  const make = async (path: string, body: object): Promise<string> => {
    const answer = await ada.call('POST', path, body);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`);
    return answer.body.id;
  };
  const mapping = [{ path: '$.email', fieldId: 'email' }];
  const ids: Record<NumberedTarget, string> = {
    tag: await make('/v1/tags', { name: 'Customer' }),
    form: await make('/v1/forms', { settings: { name: 'Contact us', fields: [{ fieldId: 'email' }] } }),
    product: await make('/v1/records', { objectTypeId: 16, fields: { name: 'Widget' } }),
    map: mapId,
    inbound: await make('/v1/inbounds', { settings: { name: 'Shop', mapping } }),
  };
  const made = Object.entries(ids).map(async ([kind, id]) => {
    const of = { accountId: ada.account._id, ids: [id] };
    const numbers = await findNumbers(system.db, NUMBERED_TARGETS[kind as NumberedTarget], of);
    return [kind, { id, number: String(numbers.get(id)) }];
  });
  return Object.fromEntries(await Promise.all(made));
}

/** The sample, about what was made. */
export function ownSample(sample: Fact, made: Made): Fact {
  const kind = numberedKindOf(sample.type);
  const [target] = targetsOf(sample);
  return kind && target ? JSON.parse(JSON.stringify(sample).replaceAll(target, made[kind].id)) : sample;
}
