import { Client, type Dispatcher } from 'undici';
import { beginTimes, type ConnectionTimes } from './connection-times';
import type { GuardedConnector } from './guarded-connector';

/** Travels with a request, so that the connection that takes it can say whom it reached and how long that took. */
export interface Exchange {
  peerOf: () => string | null;
  timesOf: () => ConnectionTimes | null;
}

export const newExchange = (): Exchange => ({ peerOf: () => null, timesOf: () => null });

interface Reached {
  peer: string | null;
  times: ConnectionTimes | null;
}

/** One connection at a time, which remembers its peer and its set-up; it takes one request at a time. */
export class PeerClient extends Client {
  private readonly reached: Reached;

  constructor(url: URL, options: object, connect: GuardedConnector) {
    const reached: Reached = { peer: null, times: null };
    super(url, {
      ...options,
      connect: (target, done) => {
        const times = beginTimes();
        reached.times = times;
        connect(
          target,
          (...[error, socket]) => {
            if (error) return done(error, null);
            reached.peer = socket.remoteAddress ?? null;
            done(null, socket);
          },
          times,
        );
      },
    });
    this.reached = reached;
  }

  override dispatch(
    options: Dispatcher.DispatchOptions & { opaque?: unknown },
    handler: Parameters<Client['dispatch']>[1],
  ) {
    if (options.opaque)
      Object.assign(options.opaque, {
        peerOf: () => this.reached.peer,
        timesOf: () => this.reached.times,
      } satisfies Exchange);
    return super.dispatch(options, handler);
  }
}
