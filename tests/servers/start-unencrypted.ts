import { Client, Connection } from '@temporalio/client';

/**
 * Starts a workflow that nobody runs, by a client that does not encrypt: whoever searches Temporal's files for what must
 * not be there can see that it would be found.
 */
export async function startUnencrypted(address: string, word: string): Promise<void> {
  const connection = await Connection.connect({ address });
  const { workflow } = new Client({ connection });
  await workflow.start('nobody', { taskQueue: 'nobody', workflowId: 'plain', args: [{ word }] });
  await connection.close();
}
