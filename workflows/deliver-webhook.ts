import { allHandlersFinished, condition, setHandler } from '@temporalio/workflow';
import type { Cause } from '../schemas/cause';
import { deliver, type Errand } from './deliver';
import { hearCancel } from './hear-cancel';
import { state } from './messages';
import { cancelUnderWay, openSteering } from './steering';

/** One delivery outside a map's own flow: a replay, a test, an order from a rule or subscription. */
export async function deliverWebhook(errand: Errand): Promise<Extract<Cause, { kind: 'sent' }>> {
  const steering = openSteering();
  setHandler(state, () => ({ step: 0, waitingFor: `Webhook: ${errand.title}`.slice(0, 150) }));
  const send = async (): Promise<Extract<Cause, { kind: 'sent' }>> => {
    const sent = await deliver(errand, steering);
    await condition(allHandlersFinished);
    return sent;
  };
  return hearCancel(send, () => cancelUnderWay(steering));
}
