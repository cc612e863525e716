import { pause } from '../../lib/clock';
import { EVENTS } from '../../store/events';
import { sendClosed, untilArrived } from '../load/send';
import type { Bench } from '../open-bench';
import type { Station } from '../ours/question';
import { cpuMs } from './process-use';

const CALM_MS = 2000;
const ARRIVE_MS = 120_000;

/**
 * Takes the same events through API, pump and workers one after the other, each as a backlog, and measures the CPU of
 * our process in between. What a station costs at its start is measured without work and taken off.
 *
 * @returns ms an event; without eager starts, so the workers' part is a little above that of a whole run
 */
export async function measureStations(bench: Bench, events: number): Promise<[string, number][]> {
  const { ours, receiver } = bench;
  const jobs = ours.jobs.slice(0, events);
  const idle = await measureStart(bench);
  receiver.begin();
  await ours.start({ stations: 'api' });
  await sendClosed(ours, receiver, { jobs: jobs.slice(0, 100), connections: 4, until: 'accepted' });

  const beforeApi = cpuMs(ours.pid());
  await sendClosed(ours, receiver, { jobs, connections: 4, until: 'accepted' });
  const api = cpuMs(ours.pid()) - beforeApi;

  const pump = await measure(bench, 'pump', async () => {
    while ((await ours.db.model(EVENTS).countDocuments({ status: 'pending' })) > 0) await pause(200);
  });
  const workers = await measure(bench, 'workers', async () => {
    await untilArrived(
      receiver,
      jobs.map(({ key }) => key),
      ARRIVE_MS,
    );
    await pause(CALM_MS);
  });
  await ours.stop();
  const all = events + 100;
  return [
    ['API', api / events],
    ['pump (admit, start)', (pump - idle.pump) / all],
    ['workers (advance twice, send, log)', (workers - idle.workers) / all],
  ];
}

/** CPU of opening a station and of being there for as long as the work takes without any. */
async function measureStart(bench: Bench): Promise<Record<'pump' | 'workers', number>> {
  await bench.ours.start({ stations: 'api' });
  const pump = await measure(bench, 'pump', () => pause(CALM_MS));
  const workers = await measure(bench, 'workers', () => pause(CALM_MS));
  await bench.ours.stop();
  return { pump, workers };
}

async function measure({ ours }: Bench, station: Station, untilDone: () => Promise<void>): Promise<number> {
  const before = cpuMs(ours.pid());
  await ours.open(station);
  await untilDone();
  return cpuMs(ours.pid()) - before;
}
