import { openLogger } from '../../lib/logger';
import { installRuntime } from '../../workers/install-runtime';

let isInstalled = false;

/** Temporal's runtime without its lines; once a test file, before any server or worker. */
export function quietRuntime(): void {
  if (!isInstalled) installRuntime(openLogger('silent', 'test'));
  isInstalled = true;
}
