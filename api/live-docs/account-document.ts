import type { ObjectType } from '../../schemas/object-type';
import type { Latest, LatestOfEach } from '../../store/latest';
import { fillOntraport } from './fill-ontraport';
import { fillParameters } from './fill-parameters';
import type { Json, OpenApiDocument, Operation, Schema } from './open-api-document';
import { exampleFields, typeRecords } from './type-records';

/** What an account has, as far as its document shows it. */
export interface Shown {
  types: readonly ObjectType[];
  latest: LatestOfEach;
  /** The latest record by object type */
  records: ReadonlyMap<number, Latest>;
}

const CONTACT_TYPE = 0;

/**
 * The document of one account: the general one, with its own object types and fields as shapes, and with examples that
 * run with the ids of what it has.
 */
export function accountDocument(general: OpenApiDocument, shown: Shown): OpenApiDocument {
  const { types, latest, records } = shown;
  const document = structuredClone(general);
  const create = bodyOf(document.paths['/v1/records']?.post);
  const { Record: answered } = document.components.schemas;
  if (create?.schema && answered) {
    Object.assign(document.components.schemas, typeRecords(types, { record: answered, created: create.schema }));
    create.schema = { $ref: '#/components/schemas/NewRecord' };
  }
  showExamples(document, types);
  nameTypes(document, types);
  const record = records.get(CONTACT_TYPE) ?? [...records.values()][0];
  const named = { record, product: records.get(16), purchase: records.get(17), task: records.get(1) };
  fillParameters(document, { ...latest, ...named });
  fillOntraport(document, shown);
  const kinds = types.map(({ plural, objectTypeId }) => `${plural} (${objectTypeId})`).join(', ');
  document.info.description += `\n\nThis document is your account's own. Its object types: ${kinds}.`;
  return document;
}

const bodyOf = (operation: Operation | undefined) => operation?.requestBody?.content['application/json'];

/** Bodies that write fields get one example for each object type. */
function showExamples(document: OpenApiDocument, types: readonly ObjectType[]): void {
  const show = (path: string, method: string, exampleFor: (type: ObjectType) => Json | undefined): void => {
    const body = bodyOf(document.paths[path]?.[method]);
    if (!body) return;
    const examples = types.flatMap((type) => {
      const value = exampleFor(type);
      return value === undefined ? [] : [[type.name, { summary: type.name, value }] as const];
    });
    delete body.example;
    body.examples = Object.fromEntries(examples);
  };
  show('/v1/records', 'post', (type) => ({ objectTypeId: type.objectTypeId, fields: exampleFields(type), tags: [] }));
  show('/v1/records/save-or-update', 'post', (type) => {
    const fields = exampleFields(type);
    const matchBy = 'email' in fields ? 'email' : Object.keys(fields)[0];
    return matchBy === undefined ? undefined : { objectTypeId: type.objectTypeId, matchBy, fields };
  });
}

/** Wherever an object type is to be named, the account's own can be chosen. */
function nameTypes(document: OpenApiDocument, types: readonly ObjectType[]): void {
  const choice: Schema = {
    type: 'integer',
    enum: types.map(({ objectTypeId }) => objectTypeId),
    description: types.map(({ objectTypeId, name }) => `${objectTypeId} ${name}`).join(', '),
  };
  for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods)))
    for (const parameter of operation.parameters ?? [])
      if (['objectTypeId', 'objectID'].includes(parameter.name)) parameter.schema = { ...parameter.schema, ...choice };
}
