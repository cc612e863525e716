import { canonicalJson } from '../../domain/canonical-json';
import { checkMap } from '../../domain/check-map';
import { findReferences } from '../../domain/map-references';
import { parseFieldValues, relationsIn } from '../../domain/parse-field-values';
import { AppError } from '../../lib/errors';
import { hashText } from '../../lib/ids';
import type { MapDrawing, StoredMap, StoredVersion } from '../../schemas/automation-map';
import type { AccountId, MapId } from '../../schemas/ids';
import type { ObjectType } from '../../schemas/object-type';
import type { Problem } from '../../schemas/problem';
import type { Database, Session } from '../../store/database';
import { lockWebhookUse } from '../../store/locks';
import { getMap } from '../../store/maps';
import { getObjectType } from '../../store/object-types';
import { publishVersion } from '../../store/publish-version';
import { getVersion } from '../../store/versions';
import { checkRelations } from './check-relations';
import { readKnown } from './read-known';

/** What the publish checks say of a map's draft, with what the account has now. */
export async function checkDraft(
  db: Database,
  { accountId, objectTypeId, draft }: StoredMap,
  session?: Session,
): Promise<Problem[]> {
  const objectType = await getObjectType(db, accountId, objectTypeId, session);
  const known = await readKnown(db, { accountId, objectType, referred: findReferences(draft) }, session);
  const relations = relationsSetBy(draft, objectType);
  const dead = await checkRelations(db, { accountId, relations }, session);
  const problems = checkMap(draft, known);
  return [
    ...problems,
    ...dead.map(({ relation: { elementId }, problem }) => ({ ...problem, elementId, severity: 'error' as const })),
  ];
}

/** Records that elements of a map set relations to. */
const relationsSetBy = ({ elements }: MapDrawing, { fields }: ObjectType) =>
  elements.flatMap((element, index) => {
    if (element.kind !== 'change-field') return [];
    const { fieldId, value } = element.settings;
    return relationsIn(parseFieldValues({ [fieldId]: value }, fields).values, fields).map((found) => ({
      ...found,
      elementId: element.id,
      path: `elements.${index}.settings.value`,
    }));
  });

/** SHA-256 of a drawing, whatever the order of its keys. */
export const hashDrawing = ({ elements, edges, settings }: MapDrawing): string =>
  hashText(canonicalJson({ elements, edges, settings }));

/**
 * Freezes the draft as the next version and makes it the published one, seen by every pump. A draft that is published
 * already gives the version it is.
 *
 * @throws AppError `map.not-found`, `map.not-publishable`
 */
export async function publishMap(
  db: Database,
  session: Session,
  given: { accountId: AccountId; mapId: MapId; note: string },
): Promise<StoredVersion> {
  const { accountId, mapId, note } = given;
  await lockWebhookUse(db, session, accountId);
  const stored = await getMap(db, { accountId, mapId }, session);
  const problems = await checkDraft(db, stored, session);
  if (problems.some(isBlocking)) throw new AppError('map.not-publishable', { problems });

  const hash = hashDrawing(stored.draft);
  if (stored.publishedNumber !== null) {
    const current = await getVersion(db, { mapId, number: stored.publishedNumber });
    if (current.hash === hash) return current;
  }
  const number = (stored.publishedNumber ?? 0) + 1;
  return publishVersion(db, session, { accountId, mapId, number, hash, note, drawing: stored.draft });
}

/** A warning does not keep a map from being published. */
export const isBlocking = (problem: Problem): boolean => problem.severity !== 'warning';
