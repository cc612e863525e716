import { condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import type { JobId } from '../schemas/ids';
import { wakeJob } from './messages';
import { runJobPage } from './proxies';

export interface JobInput {
  jobId: JobId;
}

const EVENTS_MAX = 2000;

/**
 * Bulk work, page by page; how fast, how far and whether to pause is decided outside, in the stored job.
 *
 * @param input absent in runs that a Schedule started: what they are for is in their workflow id
 */
export async function job(input?: JobInput): Promise<void> {
  let isWoken = false;
  setHandler(wakeJob, () => {
    isWoken = true;
  });
  for (;;) {
    isWoken = false;
    const page = await runJobPage(input);
    if (page.kind === 'ended') return;
    if (page.waitMs > 0) await condition(() => isWoken, page.waitMs, { summary: page.because.slice(0, 150) });
    if (workflowInfo().historyLength > EVENTS_MAX) await continueAsNew<typeof job>(input);
  }
}
