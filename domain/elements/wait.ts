import type { ElementOf } from '../../schemas/element';
import type { Arrival } from './arrival';

/** Stops until the duration is over, counted from the arrival. @param nowMs the workflow's clock @throws never */
export const arriveAtWait = (element: ElementOf<'wait'>, nowMs: number): Arrival => ({
  stop: { kind: 'wait', untilMs: nowMs + element.settings.seconds * 1000 },
});
