import type { Field } from '../../schemas/field';
import type { ObjectType } from '../../schemas/object-type';
import type { Json, Schema } from './open-api-document';

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** A name in `components`: letters, digits, dots, dashes and low lines only, and each once. */
export const namesOf = (types: readonly ObjectType[]): Map<ObjectType, string> => {
  const taken = new Set<string>();
  return new Map(
    types.map((type) => {
      const plain = type.name.replace(/[^\w.-]+/g, '_');
      const name = /\w/.test(plain.replaceAll('_', '')) && !taken.has(plain) ? plain : `Type_${type.objectTypeId}`;
      taken.add(name);
      return [type, name];
    }),
  );
};

/**
 * The shapes of an account's records: `Fields_Contact` with every field of contacts, `Record_Contact` as it is answered,
 * `New_Contact` as it is created, and `Record` and `NewRecord` as any of them.
 */
export function typeRecords(types: readonly ObjectType[], general: { record: Schema; created: Schema }) {
  const names = namesOf(types);
  const schemas: Record<string, Schema> = {};
  for (const [type, name] of names) {
    schemas[`Fields_${name}`] = describeFields(type);
    schemas[`Record_${name}`] = narrow(general.record, type, name, true);
    schemas[`New_${name}`] = narrow(general.created, type, name, false);
  }
  const any = (prefix: string): Schema => ({
    oneOf: [...names.values()].map((name) => ref(`${prefix}_${name}`)),
    discriminator: {
      propertyName: 'objectTypeId',
      mapping: Object.fromEntries(
        [...names].map(([type, name]) => [String(type.objectTypeId), `#/components/schemas/${prefix}_${name}`]),
      ),
    },
  });
  return { ...schemas, Record: any('Record'), NewRecord: any('New') };
}

/** A general shape of a record, for one object type. */
function narrow(general: Schema, type: ObjectType, name: string, isAnswer: boolean): Schema {
  const properties = general.properties as Record<string, Schema>;
  const { default: _, ...objectTypeId } = properties.objectTypeId ?? {};
  const isDefault = type.objectTypeId === 0 && !isAnswer;
  const required = new Set([
    ...((general.required as string[] | undefined) ?? []),
    ...(isDefault ? [] : ['objectTypeId']),
  ]);
  return {
    ...general,
    title: type.name,
    properties: {
      ...properties,
      objectTypeId: { ...objectTypeId, type: 'integer', const: type.objectTypeId, description: type.name },
      fields: ref(`Fields_${name}`),
    },
    ...(required.size > 0 ? { required: [...required] } : {}),
  };
}

const describeFields = (type: ObjectType): Schema => ({
  type: 'object',
  title: `Fields of ${type.plural}`,
  properties: Object.fromEntries(type.fields.map((field) => [field.id, describeField(field)])),
});

/** One field as answers show it; null is empty. */
function describeField(field: Field): Schema {
  const example = exampleOf(field);
  const described = { description: field.label, ...(example === undefined ? {} : { examples: [example] }) };
  switch (field.type) {
    case 'numeric':
    case 'price':
      return { ...described, type: ['number', 'null'] };
    case 'check':
      return { ...described, type: ['boolean', 'null'] };
    case 'fulldate':
      return {
        ...described,
        description: `${field.label}. Answers have ISO 8601 in UTC; a day such as 2026-11-30 or Unix seconds are taken too`,
        type: ['string', 'null'],
      };
    case 'drop':
      return { ...described, type: ['string', 'null'], ...(field.options ? { enum: [...field.options, null] } : {}) };
    case 'list':
      return {
        ...described,
        type: ['array', 'null'],
        items: { type: 'string', ...(field.options ? { enum: [...field.options] } : {}) },
      };
    case 'parent':
      return {
        ...described,
        description: `${field.label}: the id of a record of object type ${field.objectTypeId}`,
        type: ['string', 'null'],
        pattern: '^rec_[0-9a-z]{26}$',
      };
    default:
      return { ...described, type: ['string', 'null'] };
  }
}

const SAMPLES: Record<string, Json> = {
  firstname: 'Ada',
  lastname: 'Lovelace',
  company: 'Analytical Engines',
  city: 'London',
  country: 'GB',
};

/** A value that a field takes; undefined for relations, which must lead to a record that is there. */
export function exampleOf(field: Field): Json | undefined {
  switch (field.type) {
    case 'numeric':
      return 3;
    case 'price':
      return 19.5;
    case 'check':
      return true;
    case 'fulldate':
      return '2026-11-30T00:00:00.000Z';
    case 'drop':
      return field.options?.[0] ?? 'A';
    case 'list':
      return [field.options?.[0] ?? 'A'];
    case 'parent':
      return undefined;
    case 'email':
      return 'ada@example.com';
    case 'phone':
    case 'sms':
      return '+15550100';
    case 'url':
      return 'https://example.com';
    case 'timezone':
      return 'Europe/London';
    default:
      return SAMPLES[field.id] ?? field.label;
  }
}

/** Values of a few fields of an object type: the first three, and the one that was added last. */
export const exampleFields = ({ fields }: ObjectType): { [key: string]: Json } =>
  Object.fromEntries(
    [...new Set([...fields.slice(0, 3), ...fields.slice(-1)])].flatMap((field) => {
      const value = exampleOf(field);
      return value === undefined ? [] : [[field.id, value] as const];
    }),
  );
