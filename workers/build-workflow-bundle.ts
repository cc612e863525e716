import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { FAILURE_CONVERTER } from '../lib/secrets/payload-codec';
import { WORKFLOW_BUNDLE } from './workflow-bundle';

/** Bundles `workflows/` into one file, with the source map that the worker asks for; a step of the build. */
async function main(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(__dirname, '..', 'workflows', 'index.js'),
    failureConverterPath: FAILURE_CONVERTER,
    logger: new DefaultLogger('WARN'),
  });
  writeFileSync(WORKFLOW_BUNDLE, code);
}

main().catch((error: unknown) => {
  console.error(String(error));
  process.exit(1);
});
