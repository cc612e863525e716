import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Where the build leaves the workflow code that workers load. */
export const WORKFLOW_BUNDLE = join(__dirname, '..', 'workflow-bundle.js');

/** Bundles `workflows/` into one file, with the source map that the worker asks for. */
export async function buildWorkflowBundle(workflowsPath: string, to: string): Promise<void> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, code);
}

if (require.main === module) {
  buildWorkflowBundle(require.resolve('../workflows'), WORKFLOW_BUNDLE).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
