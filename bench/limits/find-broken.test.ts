import { expect, test } from '@jest/globals';
import { findBroken } from './find-broken';

const kept = { windowsAbove: 0, secondSends: 2, secondSendsAtKill: 2, account: { lost: [] } };
const lost = { deliveryId: 'dlv_1' as never, status: 'queued', hasArrived: false, isRunning: false };

test('a run that keeps its promises breaks none, and a second send that nobody could prevent is no breach', () => {
  expect(findBroken(kept)).toEqual([]);
});

test('each promise that is broken is told, with how often', () => {
  expect(findBroken({ ...kept, windowsAbove: 3 })).toEqual(['sliding minutes above the limit: 3']);
  expect(findBroken({ ...kept, secondSends: 3, account: { lost: [lost, lost] } })).toEqual([
    'lost deliveries: 2',
    'second sends of deliveries that were answered: 1',
  ]);
});
