import type { ListenedEvent } from '../../schemas/listened-event';
import type { Read } from './field-text';

type DateFieldEvent = Extract<ListenedEvent, { type: 'date-field.reached' }>;

/** The code of rules whose number, unit and side make one number of days. Source: reference section 2A. */
export const RELATIVE_DATE = 'relative_date_field';
/** Units by their codes; months (2) have no fixed number of days. */
const DAYS_OF_UNIT: ReadonlyMap<string, number> = new Map([
  ['0', 1],
  ['1', 7],
]);

/** `relative_date_field(3,0,0,birthday)`: three days before the birthday. @throws never */
export function readRelativeDate([count = '', unit = '', side = '', fieldId = '', ...more]: readonly string[]): Read<
  Omit<DateFieldEvent, 'type'>
> {
  const days = DAYS_OF_UNIT.get(unit.trim());
  if (days === undefined)
    return { problem: 'its unit must be days (0) or weeks (1); months differ in length', isUnknown: true };
  if (!/^\d{1,4}$/.test(count.trim()) || !/^[01]$/.test(side.trim()) || more.length > 0)
    return { problem: 'it must hold a number, a unit, 0 (before) or 1 (after), and a field' };
  const offsetDays = Number(count) * days * (side.trim() === '0' ? -1 : 1);
  return { value: { fieldId: fieldId.trim(), offsetDays: offsetDays === 0 ? 0 : offsetDays, isYearly: false } };
}

/** The same in days. @throws never */
export const writeRelativeDate = ({ offsetDays, fieldId }: Omit<DateFieldEvent, 'type'>): string[] => [
  String(Math.abs(offsetDays)),
  '0',
  offsetDays < 0 ? '0' : '1',
  fieldId,
];
