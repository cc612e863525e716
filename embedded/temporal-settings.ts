/**
 * Dynamic configuration of the Temporal server; the compose file's copy is checked against this table.
 *
 * @source docs/rate.md: fairness with a rate per key, one partition so that a rate is kept exactly,
 *         poll rates that don't make a hop wait 40 ms
 */
export const TEMPORAL_DYNAMIC_CONFIG: Record<string, unknown> = {
  'matching.enableFairness': true,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'matching.fairnessCounter': {
    MapLimit: 10_000,
    CMS: { W: 1_000, D: 5, Grow: { SkipRateDecay: 10_000, Threshold: 0.35, Ratio: 1.5, MaxW: 10_000 } },
  },
  'matching.fairnessKeyRateLimitCacheSize': 10_000,
  'matching.getTasksBatchSize': 5_000,
  'matching.getTasksReloadAt': 500,
  'history.transferProcessorMaxPollRPS': 1_000,
  'history.timerProcessorMaxPollRPS': 1_000,
  'history.visibilityProcessorMaxPollRPS': 1_000,
  'history.transferProcessorMaxPollHostRPS': 10_000,
  'history.timerProcessorMaxPollHostRPS': 10_000,
  'history.visibilityProcessorMaxPollHostRPS': 10_000,
};

/** For the embedded server's SQLite only: 2.3 times the throughput of the default journal, and survives kill -9. */
export const SQLITE_PRAGMAS: Record<string, string> = { journal_mode: 'WAL', synchronous: 'NORMAL' };

/** By which running entries and deliveries are found; name to Temporal's type name. */
export const SEARCH_ATTRIBUTES: Record<string, string> = {
  MapId: 'Keyword',
  RecordId: 'Keyword',
  AccountId: 'Keyword',
  WebhookId: 'KeywordList',
};

/** How long closed workflows are kept, days. */
export const RETENTION_DAYS = 30;

/** Oldest Temporal server with what we use (fairness with a rate per key). */
export const TEMPORAL_SERVER_AT_LEAST = '1.32.0';

/** The namespace of the embedded server. */
export const NAMESPACE = 'default';
