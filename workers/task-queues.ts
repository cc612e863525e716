/** Names of the task queues; a prefix lets several installations share a namespace. */
export interface TaskQueues {
  /** Workflows and the local activities in them */
  maps: string;
  /** First sends and retries: paced by Temporal's per-webhook rate limit, then by the slot */
  webhooks: string;
  /** Sends that were told to come back: the slot alone guards them */
  webhooksDue: string;
  /** Sending of e-mail: what an SMTP server that is away holds up is only other e-mail */
  messages: string;
}

export const taskQueues = (prefix: string): TaskQueues => ({
  maps: `${prefix}maps`,
  webhooks: `${prefix}webhooks`,
  webhooksDue: `${prefix}webhooks-due`,
  messages: `${prefix}messages`,
});
