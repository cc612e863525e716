import { ApplicationFailure } from '@temporalio/common';
import { AppError } from '../lib/errors';
import { ERRORS } from '../schemas/error-codes';
import type { DeliveryId, JobId, WebhookId } from '../schemas/ids';
import { type Advanced, type AdvanceInput, advance } from './advance';
import type { Journal } from './attempt-journal';
import type { Dependencies } from './dependencies';
import { lookAhead, type Outlook } from './look-ahead';
import { type RecordDeliveryInput, recordDelivery } from './record-delivery';
import { type JobPage, runJobPage } from './run-job-page';
import { type OutgoingInput, type Sent, sendMessage, settleMessage } from './send-message';
import { type SendInput, type SendResult, sendWebhook } from './send-webhook';

/** All that a workflow can cause. The names are a contract with running histories: add, never rename. */
export interface Activities {
  advance(input: AdvanceInput): Promise<Advanced>;
  sendWebhook(input: SendInput): Promise<SendResult>;
  lookAhead(input: { deliveryId: DeliveryId; webhookId: WebhookId; call: number }): Promise<Outlook>;
  recordDelivery(input: RecordDeliveryInput): Promise<{ journal: Journal }>;
  runJobPage(input?: { jobId: JobId }): Promise<JobPage>;
  sendMessage(input: OutgoingInput): Promise<Sent>;
  settleMessage(input: OutgoingInput & { result: 'sent' | 'failed' }): Promise<void>;
}

/** The activities over what they touch; errors of ours leave as ApplicationFailure with their code as type. */
export const buildActivities = (deps: Dependencies): Activities => ({
  advance: (input) => translate(advance(deps, input)),
  sendWebhook: (input) => translate(sendWebhook(deps, input)),
  lookAhead: (input) => translate(lookAhead(deps, input)),
  recordDelivery: (input) => translate(recordDelivery(deps, input)),
  runJobPage: (input) => translate(runJobPage(deps, input)),
  sendMessage: (input) => translate(sendMessage(deps, input)),
  settleMessage: (input) => translate(settleMessage(deps, input)),
});

async function translate<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw ApplicationFailure.create({
      message: error.message,
      type: error.code,
      nonRetryable: !ERRORS[error.code].retryable,
      cause: error,
    });
  }
}
