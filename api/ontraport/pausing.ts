import { z } from 'zod';
import { idSchema } from '../../schemas/ids';
import { changePause } from '../handlers/change-pause';
import { pauseRule } from '../handlers/save-rule';
import { invalid, parseGiven } from '../problem';
import { idList, listOf, objectID } from './parameters';
import { writeCall } from './route';
import { getRuleNumbered } from './rules';

/** Ontraport's object types of what can be paused; a subscriber is one passage of a record through a map. */
const PAUSED = { rule: 6, subscriber: 8 } as const;

const asText = z.preprocess((given) => (typeof given === 'number' ? String(given) : given), z.string().max(100));
const parameters = z.object({
  objectID: objectID.meta({ description: 'What is paused: 6, rules; 8, subscribers, which are entries here' }),
  ids: listOf(asText, 'Decimal ids of rules; ids of entries as they are under /v1'),
});
const ruleIds = z.object({ ids: idList });
const entryIds = z.object({ ids: listOf(idSchema('entry'), 'Ids of entries') });
const isPausedBy = { pause: true, unpause: false } as const;

/** Rules stop acting, and entries stop where they stand. */
export const pauseRoutes = (['pause', 'unpause'] as const).map((command) =>
  writeCall({
    method: 'post',
    path: `/objects/${command}`,
    tag: 'Objects',
    summary: command === 'pause' ? 'Pause rules or entries' : 'Have paused rules act and paused entries go on',
    description: 'All of them or none. Maps have no pause here: a map without a published version runs for nobody.',
    parameters,
    answer: { ids: ['6'] },
    handler: async ({ db }, { account, given }, session) => {
      const accountId = account._id;
      const isPaused = isPausedBy[command];
      switch (given.objectID) {
        case PAUSED.rule:
          for (const number of parseGiven(ruleIds, given).ids) {
            const { _id: ruleId } = await getRuleNumbered(db, session, { accountId, number });
            await pauseRule(db, session, { accountId, ruleId, isPaused });
          }
          break;
        case PAUSED.subscriber:
          for (const entryId of parseGiven(entryIds, given).ids)
            await changePause(db, session, { accountId, entryId, isPaused });
          break;
        default:
          throw invalid({
            path: 'objectID',
            message: 'must be 6, rules, or 8, subscribers; maps and sequences are not paused here',
          });
      }
      return { data: { ids: given.ids } };
    },
  }),
);
