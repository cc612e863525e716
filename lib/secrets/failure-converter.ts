import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Moves message and stack of a failure into an attribute that the codec encrypts. Loaded by its path, by clients,
 * workers and the bundle of workflows: it may import nothing that workflows can't.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
