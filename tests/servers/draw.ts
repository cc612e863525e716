import type { MapDrawing, Reentry } from '../../schemas/automation-map';
import type { ListenedEvent } from '../../schemas/listened-event';

/** trigger → end: an entry is over as soon as it begins */
export const triggerToEnd = (listened: ListenedEvent, reentry: Reentry = 'always'): MapDrawing => ({
  settings: { reentry },
  elements: [
    { id: 'start', kind: 'trigger', title: 'Start', settings: { events: [listened] } },
    { id: 'end', kind: 'end', title: '', settings: {} },
  ],
  edges: [{ from: 'start', port: 'next', to: 'end' }],
});

/** trigger → wait → end */
export const triggerToWait = (listened: ListenedEvent, reentry: Reentry = 'always', seconds = 3600): MapDrawing => ({
  settings: { reentry },
  elements: [
    { id: 'start', kind: 'trigger', title: 'Start', settings: { events: [listened] } },
    { id: 'wait', kind: 'wait', title: 'A while', settings: { kind: 'duration', seconds } },
    { id: 'end', kind: 'end', title: '', settings: {} },
  ],
  edges: [
    { from: 'start', port: 'next', to: 'wait' },
    { from: 'wait', port: 'next', to: 'end' },
  ],
});

export const custom = (name: string): ListenedEvent => ({ type: 'custom', name });
