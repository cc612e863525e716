import type { AccountId, RecordId } from '../../schemas/ids';

/** Parts of our process that can be opened one after the other, to see what each costs. */
export const STATIONS = ['workers', 'pump', 'api'] as const;
export type Station = (typeof STATIONS)[number];

export const isStation = (text: string): text is Station => STATIONS.some((station) => station === text);

/** What the load process asks of ours: to open a station, or to take an event past the API. */
export type Question =
  | { kind: 'open'; station: Station }
  | { kind: 'event'; accountId: AccountId; recordId: RecordId; name: string; data: Record<string, string> };
