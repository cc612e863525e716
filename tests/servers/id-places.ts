import { z } from 'zod';

type Json = unknown;
interface Schema {
  [name: string]: Json;
}

/** One place of a body that holds an id. */
export interface IdPlace {
  /** `settings.actions.(send-webhook).webhookId` */
  path: string;
  /** Kind of the id: `webhook` */
  prefix: string;
  /** The smallest body that has this place, with this id there; whatever else must be named is `own` */
  bodyWith(id: string, own: OwnIds): Json;
}
/** An id for each prefix, or for the name of a field. */
export type OwnIds = Readonly<Record<string, string>>;

const ID = /^\^([a-z]{3})_\[0-9a-z\]\{26\}\$$/;
/** Texts that fit fields of these names; `x` fits the rest. */
const TEXTS: Readonly<Record<string, string>> = {
  url: 'https://example.com/x',
  fieldId: 'email',
  matchBy: 'email',
  path: '$.email',
  to: 'ada@example.com',
  date: '2026-12-01',
};

/** Every place of a body that holds an id, wherever it may stand. Groups in conditions are not gone into. */
export function idPlacesOf(body: z.ZodType): IdPlace[] {
  const root = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as Schema;
  return placesIn(root, root, []);
}

/** Names of fields that end like those of ids and have not the shape of one. */
export function looseIdsOf(body: z.ZodType): string[] {
  const text = JSON.stringify(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }), (key, value: Schema) =>
    /Ids?$/.test(key) && !/_\[0-9a-z\]\{26\}\$/.test(JSON.stringify(value)) ? `loose:${key}` : value,
  );
  return [...new Set([...text.matchAll(/loose:(\w+)/g)].map(([, name = '']) => name))];
}

const propertiesOf = (schema: Schema): [string, Schema][] =>
  Object.entries((schema.properties ?? {}) as Record<string, Schema>);
const branchesOf = (schema: Schema): Schema[] => (schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []) as Schema[];
/** The kind that tells a branch from the others. */
const nameOf = (branch: Schema): string => {
  const [, told] = propertiesOf(branch).find(([, { const: value }]) => typeof value === 'string') ?? [];
  return told ? `(${told.const})` : '';
};

function follow(schema: Schema, root: Schema): Schema {
  if (typeof schema.$ref !== 'string') return schema;
  const found = schema.$ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter(Boolean)
    .reduce<Schema>((at, key) => at[key] as Schema, root);
  return follow(found, root);
}

function placesIn(given: Schema, root: Schema, above: readonly Schema[]): IdPlace[] {
  const schema = follow(given, root);
  if (above.includes(schema)) return [];
  const inside = (of: Schema): IdPlace[] => placesIn(of, root, [...above, schema]);
  const [, prefix] = ID.exec(String(schema.pattern ?? '')) ?? [];
  if (prefix) return [{ path: '', prefix, bodyWith: (id) => id }];
  return [
    ...propertiesOf(schema).flatMap(([name, of]) =>
      inside(of).map(({ path, prefix, bodyWith }) => ({
        path: joined(name, path),
        prefix,
        bodyWith: (id: string, own: OwnIds) => ({
          ...(sample(schema, root, own) as object),
          [name]: bodyWith(id, own),
        }),
      })),
    ),
    ...(schema.items ? inside(schema.items as Schema) : []).map((place) => ({
      ...place,
      bodyWith: (id: string, own: OwnIds) => [place.bodyWith(id, own)],
    })),
    ...branchesOf(schema).flatMap((branch) =>
      inside(branch).map((place) => ({ ...place, path: joined(nameOf(follow(branch, root)), place.path) })),
    ),
  ];
}

const joined = (...parts: string[]): string => parts.filter(Boolean).join('.');

/** Stands where a value would have to hold itself. */
const ENDLESS = 'endless';

/** The smallest value of a schema; of several branches the first one that names nothing. */
function sample(given: Schema, root: Schema, own: OwnIds, name = '', above: readonly Schema[] = []): Json {
  const schema = follow(given, root);
  if (above.includes(schema)) return ENDLESS;
  const within = (of: Schema, key = name): Json => sample(of, root, own, key, [...above, schema]);
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const branches = branchesOf(schema);
  const plain = branches.find(
    (branch) => !NAMING.test(JSON.stringify(sample(branch, root, PROBE, '', [...above, schema]))),
  );
  if (branches[0]) return within(plain ?? branches[0]);
  const [, prefix] = ID.exec(String(schema.pattern ?? '')) ?? [];
  if (prefix) return own[name] ?? own[prefix];
  switch (schema.type) {
    case 'object': {
      const required = (schema.required ?? []) as string[];
      const all = propertiesOf(schema).filter(([key]) => required.includes(key));
      return Object.fromEntries(all.map(([key, of]) => [key, within(of, key)]));
    }
    case 'array':
      return Number(schema.minItems ?? 0) > 0 ? [within(schema.items as Schema)] : [];
    case 'string':
      return schema.format === 'date-time' ? '2026-12-01T00:00:00Z' : (TEXTS[name] ?? 'x');
    case 'integer':
    case 'number':
      return Math.max(0, Number(schema.minimum ?? 0));
    case 'boolean':
      return false;
    default:
      return 'x';
  }
}

/** Ids that say of a value that it has an id in it. */
const PROBE: OwnIds = new Proxy({}, { get: (_, key) => (/^[a-z]{3}$/.test(String(key)) ? 'an id' : undefined) });
const NAMING = new RegExp(`"(an id|${ENDLESS})"`);
