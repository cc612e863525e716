import { expect, test } from '@jest/globals';
import type { EventCause } from '../schemas/event';
import { findLoop } from './find-loop';
import type { Command } from './route-event';

const cause: EventCause = { kind: 'map', id: 'map_1', name: 'Welcome' };
const rule: Command = { kind: 'run-rule', ruleId: 'rul_1', ruleName: 'Tag it' };

test('the eleventh automation in a row is a loop, and both ends of it are named', () => {
  expect(findLoop({ hops: 10, cause }, [rule])).toBeNull();
  expect(findLoop({ hops: 11, cause }, [rule])).toMatch(
    /loop; the map "Welcome" made this event, and it would set off the rule "Tag it"$/,
  );
});

test('what sets off no automation is no loop: orders, deliveries, and events that nobody waits for', () => {
  const commands: Command[] = [
    { kind: 'start-delivery', deliveryId: 'dlv_1' },
    { kind: 'start-requested', entryId: 'ent_1' },
    { kind: 'notify', subscriptionId: 'sub_1' },
  ];
  expect(findLoop({ hops: 99, cause }, commands)).toBeNull();
});
