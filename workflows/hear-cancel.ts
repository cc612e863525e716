import { CancellationScope } from '@temporalio/workflow';

/**
 * Runs a workflow to which Temporal's Cancel is a wish like any other: it hears of it, and writes its end before it goes.
 *
 * @param onCancel called when somebody cancels the workflow; `run` itself is not cancelled
 */
export function hearCancel<T>(run: () => Promise<T>, onCancel: () => void): Promise<T> {
  CancellationScope.current().cancelRequested.catch(onCancel);
  return CancellationScope.nonCancellable(run);
}
