import { temporal } from '@temporalio/proto';
import { type Engine, SEARCH_ATTRIBUTES } from './temporal-client';

const { IndexedValueType } = temporal.api.enums.v1;
const TYPES: Record<string, number> = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  KEYWORD_LIST: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
};

/** Registers the search attributes that the namespace does not know yet. */
export async function registerSearchAttributes(engine: Engine): Promise<void> {
  const { operatorService } = engine.client.connection as unknown as { operatorService: OperatorService };
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace: engine.namespace });
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => customAttributes?.[name] === undefined);
  if (missing.length === 0) return;
  await operatorService.addSearchAttributes({
    namespace: engine.namespace,
    searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, TYPES[type] ?? 0])),
  });
}

type OperatorService = Pick<
  temporal.api.operatorservice.v1.OperatorService,
  'listSearchAttributes' | 'addSearchAttributes'
>;
