import type { Server } from 'node:http';
import type { Express } from 'express';
import type { AppLocals } from './parts';

/**
 * Listens, and hands back how to stop: no new connections, those under way finish, endless ones end.
 *
 * @throws the listen error, such as EADDRINUSE
 */
export function listen(app: Express, at: { host: string; port: number }): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const server: Server = app.listen(at.port, at.host, (error?: Error) => {
      if (error) return reject(error);
      resolve(
        () =>
          new Promise((closed) => {
            (app.locals as Partial<AppLocals>).stop?.();
            server.close(() => closed());
            server.closeIdleConnections();
          }),
      );
    });
  });
}
