import { OBJECT_TYPE, type ObjectType } from './object-type';

/** Records of which object types an event happens to, a condition asks of, or an action is done to. */
export type Fits = 'any' | 'contacts';

/** Whether the records of an object type are among them. @throws never */
export const isFitting = (fits: Fits, { objectTypeId }: Pick<ObjectType, 'objectTypeId'>): boolean =>
  fits === 'any' || objectTypeId === OBJECT_TYPE.contact;
