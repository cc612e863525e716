import { proxyActivities } from '@temporalio/workflow';
import type { RawActivities, RawInput } from './activities';

/** The least that an engine can do for one event: one workflow, one activity on another queue. */
export async function rawEvent(input: RawInput): Promise<void> {
  const { post } = proxyActivities<RawActivities>({
    taskQueue: input.queue,
    startToCloseTimeout: '22s',
    priority: { fairnessKey: input.fairnessKey },
  });
  await post({ url: input.url, body: input.body });
}
