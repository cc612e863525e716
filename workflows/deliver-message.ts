import { ActivityFailure, allHandlersFinished, condition, isCancellation, setHandler } from '@temporalio/workflow';
import type { OutgoingInput, Sent } from '../activities/send-message';
import { deliver } from './deliver';
import { state } from './messages';
import { messageProxy, settleMessage } from './proxies';
import { openSteering } from './steering';

/** One message that a rule sends. An SMS for a gateway goes the way of every delivery. */
export async function deliverMessage(input: OutgoingInput): Promise<void> {
  const steering = openSteering();
  setHandler(state, () => ({ step: 0, waitingFor: 'Message' }));
  const sent = await sendUntilOver(input);
  if (sent.kind === 'deliver') {
    const { result } = await deliver(sent.errand, steering);
    await settleMessage({ ...input, result: result === 'delivered' ? 'sent' : 'failed' });
  }
  if (sent.kind === 'failed') await settleMessage({ ...input, result: 'failed' });
  await condition(allHandlersFinished);
}

/** @returns `failed` when the attempts are used up */
async function sendUntilOver(input: OutgoingInput): Promise<Sent | { kind: 'failed' }> {
  try {
    return await messageProxy().sendMessage(input);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { kind: 'failed' };
  }
}
