import { dirname, join } from 'node:path';
import express, { type Express } from 'express';
import { buildAsyncApi } from './asyncapi';
import type { Api } from './parts';

/** The documents of the API, and a page on which each endpoint can be tried; all of it comes from this server. */
export function serveDocs(app: Express, { publicUrl, openApi }: Pick<Api, 'publicUrl' | 'openApi'>): void {
  const kept: Record<string, string> = {};
  app.get('/openapi.json', (_req, res) => {
    kept.openApi ??= JSON.stringify(openApi());
    res.type('application/json').send(kept.openApi);
  });
  app.get('/asyncapi.json', (_req, res) => {
    kept.asyncApi ??= JSON.stringify(buildAsyncApi(publicUrl));
    res.type('application/json').send(kept.asyncApi);
  });
  // The package's own index.html points at a demo, so no index is served.
  const assets = dirname(require.resolve('swagger-ui-dist/package.json'));
  app.use('/docs/assets', express.static(assets, { index: false, maxAge: '1h' }));
  // Beside this file: the build copies them.
  const page = join(__dirname, 'docs-page');
  app.get('/docs', (_req, res) => res.sendFile(join(page, 'page.html')));
  app.use('/docs', express.static(page, { index: false, redirect: false }));
}
