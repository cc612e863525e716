import {
  listenTo,
  type NumberedTarget,
  numberedTargetOf,
  parseEventString,
  printEventString,
  targetIdOf,
} from '../../domain/subscription-event';
import type { AccountId } from '../../schemas/ids';
import type { ListenedEvent } from '../../schemas/listened-event';
import type { SubscriptionSettings } from '../../schemas/subscription';
import type { Database, Session } from '../../store/database';
import { findIds, findNumbers, NUMBERED_TARGETS } from '../../store/numbers';
import { invalid } from '../problem';

/**
 * What an event string such as `sub_tag(4)` listens for in this account.
 *
 * @throws AppError `request.invalid` with the path `event`
 */
export async function readEventString(
  db: Database,
  session: Session,
  given: { accountId: AccountId; text: string },
): Promise<{ event: ListenedEvent; objectTypeId: number | null }> {
  const { accountId, text } = given;
  const string = parseEventString(text);
  if (string.problem !== null) throw invalid({ path: 'event', message: string.problem });
  const target = numberedTargetOf(string.parsed);
  const id = target ? await findTarget(db, session, { accountId, ...target }) : null;
  if (target && !id)
    throw invalid({ path: 'event', message: `names a ${target.kind} with the id ${target.number}; there is none` });
  const listened = listenTo(string.parsed, id);
  if (listened.problem !== null) throw invalid({ path: 'event', message: listened.problem });
  return listened;
}

async function findTarget(
  db: Database,
  session: Session,
  { accountId, kind, number }: { accountId: AccountId; kind: NumberedTarget; number: number },
): Promise<string | null> {
  const ids = await findIds(db, NUMBERED_TARGETS[kind], { accountId, numbers: [number] }, session);
  return ids.get(number) ?? null;
}

/**
 * The event string of what a subscription listens for.
 *
 * @throws AppError `request.invalid` with a path inside `settings` when its target does not exist in the account
 */
export async function writeEventString(
  db: Database,
  session: Session,
  of: { accountId: AccountId; settings: Pick<SubscriptionSettings, 'event' | 'objectTypeId'> },
): Promise<string> {
  const { accountId, settings } = of;
  const target = targetIdOf(settings.event);
  const number = target && (await numberOf(db, session, { accountId, ...target }));
  return printEventString(settings.event, settings.objectTypeId, number);
}

async function numberOf(
  db: Database,
  session: Session,
  target: { accountId: AccountId; kind: NumberedTarget; id: string },
): Promise<number> {
  const { accountId, kind, id } = target;
  const number = (await findNumbers(db, NUMBERED_TARGETS[kind], { accountId, ids: [id] }, session)).get(id);
  if (number === undefined)
    throw invalid({
      path: `settings.event.${kind}Id`,
      message: `This ${kind} does not exist (any more); choose another.`,
    });
  return number;
}
