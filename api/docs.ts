import { dirname } from 'node:path';
import express, { type Express } from 'express';
import { findNewestIds } from '../store/newest-ids';
import { listObjectTypes } from '../store/object-types';
import { describeAccount } from './account-openapi';
import { DOCS_PAGE, DOCS_SCRIPT, DOCS_STYLE } from './docs-page';
import { buildOpenApi } from './openapi';
import type { Api } from './parts';

/**
 * The documents of the API, and a page on which each endpoint can be tried; all of it comes from this server. With a key
 * the document is the account's own: its object types and fields, its ids as examples.
 */
export function serveDocs(app: Express, { db, authenticator, publicUrl }: Api): void {
  let document: string | undefined;
  app.get('/docs/openapi.json', async (req, res) => {
    const { account } = await authenticator.authenticate(req.get('api-key'), req.get('api-appid'));
    const [types, ids] = await Promise.all([listObjectTypes(db, account._id), findNewestIds(db, account._id)]);
    res
      .set('cache-control', 'no-store')
      .type('application/json')
      .send(JSON.stringify(describeAccount(buildOpenApi(publicUrl), { accountName: account.name, types, ids })));
  });
  app.get('/openapi.json', (_req, res) => {
    document ??= JSON.stringify(buildOpenApi(publicUrl));
    res.type('application/json').send(document);
  });
  // The package's own index.html points at a demo, so no index is served.
  const assets = dirname(require.resolve('swagger-ui-dist/package.json'));
  app.use('/docs/assets', express.static(assets, { index: false, maxAge: '1h' }));
  app.get('/docs', (_req, res) => void res.type('html').send(DOCS_PAGE));
  app.get('/docs/page.css', (_req, res) => void res.type('text/css').send(DOCS_STYLE));
  app.get('/docs/init.js', (_req, res) => void res.type('text/javascript').send(DOCS_SCRIPT));
}
