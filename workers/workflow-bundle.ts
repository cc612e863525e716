import { join } from 'node:path';

/** Where the build leaves the workflow code that workers load. */
export const WORKFLOW_BUNDLE = join(__dirname, '..', 'workflow-bundle.js');
