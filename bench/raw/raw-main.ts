import { Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { openLogger } from '../../lib/logger';
import { installRuntime } from '../../workers/install-runtime';
import { serveParent } from '../child';
import { type RawInput, rawActivities } from './activities';

const MAPS = 'raw-maps';
const WEBHOOKS = 'raw-webhooks';

/** The raw engine: a bare workflow and a bare activity, in one process with the client, so that starts are eager too. */
async function main(): Promise<void> {
  const address = process.argv[2] ?? '';
  installRuntime(openLogger('error', 'raw'));
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: require.resolve('./workflow'),
    logger: new DefaultLogger('WARN'),
  });
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection });
  const workers = await Promise.all([
    Worker.create({ connection, taskQueue: MAPS, workflowBundle, maxCachedWorkflows: 1000 }),
    Worker.create({
      connection,
      taskQueue: WEBHOOKS,
      activities: rawActivities,
      maxConcurrentActivityTaskExecutions: 500,
    }),
  ]);
  const done = Promise.all(workers.map((worker) => worker.run()));
  serveParent(
    {},
    async ({
      workflowId,
      fairnessKey,
      url,
      body,
    }: { workflowId: string } & Pick<RawInput, 'fairnessKey' | 'url' | 'body'>) => {
      const input: RawInput = { queue: WEBHOOKS, fairnessKey, url, body };
      try {
        await client.workflow.start('rawEvent', {
          workflowId,
          taskQueue: MAPS,
          args: [input],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          requestEagerStart: true,
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
  );
  process.once('SIGTERM', () => {
    for (const worker of workers) worker.shutdown();
  });
  await done;
  await connection.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(String(error));
    process.exit(1);
  },
);
