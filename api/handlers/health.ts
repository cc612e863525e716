import { z } from 'zod';
import { now } from '../../lib/clock';
import { AppError } from '../../lib/errors';
import { isDatabaseUp } from '../../store/database';
import { countEvents } from '../../store/events';
import { countOverdue } from '../../store/overdue';
import type { Engine } from '../../workers/temporal-client';
import { readRoute } from '../route';

const WAIT_MS = 2000;
const [WORKFLOW_TASKS, ACTIVITY_TASKS] = [1, 2];

const queueSchema = z.object({
  name: z.string(),
  backlog: z.number().int().meta({ description: 'Tasks that no worker has taken yet, about' }),
  workers: z.number().int().meta({ description: 'Processes that asked for tasks in the last minutes' }),
});

const healthSchema = z
  .object({
    status: z.enum(['ok', 'degraded']),
    mongodb: z.object({ isUp: z.boolean() }),
    temporal: z.object({ isUp: z.boolean(), queues: z.array(queueSchema) }),
    events: z.object({
      pending: z.number().int().meta({ description: 'Not handled yet; counted up to 10,000' }),
      parked: z.number().int().meta({ description: 'Set aside after failing; counted up to 10,000' }),
    }),
    deliveries: z.object({
      overdue: z.number().int().meta({
        description:
          'More than 2 minutes past their turn, though their webhook is not paused, its circuit breaker is not open, and it has sent nothing meanwhile; of the oldest 10,000 that wait',
      }),
    }),
  })
  .meta({ id: 'Health' });

/** Whether Hookline and what it stands on work. */
export const healthRoutes = [
  readRoute({
    scope: 'public',
    tag: 'Health',
    method: 'get',
    path: '/health',
    summary: 'Ask whether the API can work',
    response: z.object({ status: z.literal('ok') }),
    handler: async ({ db }) => {
      if (!(await isDatabaseUp(db))) throw new AppError('database.unavailable');
      return { status: 'ok' as const };
    },
  }),
  readRoute({
    scope: 'key',
    tag: 'Health',
    method: 'get',
    path: '/v1/health',
    summary: 'Ask how MongoDB, Temporal, the workers, and the events and deliveries of the account are',
    response: healthSchema,
    handler: async ({ db, engine }, { account }) => {
      const accountId = account._id;
      const [isUp, pending, parked, overdue, queues] = await Promise.all([
        isDatabaseUp(db),
        countEvents(db, { accountId, status: 'pending' }),
        countEvents(db, { accountId, status: 'parked' }),
        countOverdue(db, accountId),
        describeQueues(engine).catch(() => null),
      ]);
      const isWorking = isUp && (queues?.every(({ workers }) => workers > 0) ?? false);
      return {
        status: isWorking ? ('ok' as const) : ('degraded' as const),
        mongodb: { isUp },
        temporal: { isUp: queues !== null, queues: queues ?? [] },
        events: { pending, parked },
        deliveries: { overdue },
      };
    },
  }),
];

function describeQueues(engine: Engine): Promise<z.input<typeof queueSchema>[]> {
  const { client, namespace, queues } = engine;
  const kinds: [name: string, type: number][] = [
    [queues.maps, WORKFLOW_TASKS],
    [queues.webhooks, ACTIVITY_TASKS],
    [queues.webhooksDue, ACTIVITY_TASKS],
    [queues.messages, ACTIVITY_TASKS],
  ];
  return client.withDeadline(new Date(now().getTime() + WAIT_MS), () =>
    Promise.all(
      kinds.map(async ([name, taskQueueType]) => {
        const taskQueue = { name };
        const ask = { namespace, taskQueue, taskQueueType, reportStats: true };
        const said = await client.workflowService.describeTaskQueue(ask);
        return { name, backlog: Number(said.stats?.approximateBacklogCount ?? 0), workers: said.pollers.length };
      }),
    ),
  );
}
