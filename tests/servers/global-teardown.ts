import { endAll } from './running-servers';

/** Stops the servers of this run and removes their folder. */
export default async function globalTeardown(): Promise<void> {
  await endAll();
}
