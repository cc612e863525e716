import { Connection } from '@temporalio/client';
import type { Config } from '../lib/config';
import { openKeyRing } from '../lib/secrets/key-ring';
import { buildDataConverter } from '../lib/secrets/payload-codec';
import { buildEngine, type Engine } from './temporal-client';

type EngineSettings = Pick<Config, 'TEMPORAL_NAMESPACE' | 'TASK_QUEUE_PREFIX' | 'TEMPORAL_UI_URL'> & {
  TEMPORAL_ADDRESS: string;
  SECRET_KEYS: NonNullable<Config['SECRET_KEYS']>;
};

/** What buildEngine takes from the settings. */
export const engineSettings = (config: EngineSettings, isEager: boolean): Parameters<typeof buildEngine>[1] => ({
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueuePrefix: config.TASK_QUEUE_PREFIX,
  uiUrl: config.TEMPORAL_UI_URL,
  isEager,
  dataConverter: buildDataConverter(openKeyRing(config.SECRET_KEYS)),
});

/** Temporal for a process that has no worker of its own: it connects when it is first used, and again when it was away. */
export function openEngine(config: EngineSettings): { engine: Engine; close(): Promise<void> } {
  const connection = Connection.lazy({ address: config.TEMPORAL_ADDRESS });
  return { engine: buildEngine(connection, engineSettings(config, false)), close: () => connection.close() };
}
