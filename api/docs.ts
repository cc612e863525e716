import { dirname } from 'node:path';
import express, { type Express } from 'express';
import { buildOpenApi } from './openapi';
import type { Api } from './parts';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hookline API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="icon" type="image/png" sizes="32x32" href="/docs/assets/favicon-32x32.png">
</head>
<body>
<div id="ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/init.js"></script>
</body>
</html>
`;

const INIT = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#ui',
  tryItOutEnabled: true,
  persistAuthorization: true,
  validatorUrl: null,
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
});
`;

/** The documents of the API, and a page on which each endpoint can be tried; all of it comes from this server. */
export function serveDocs(app: Express, { publicUrl }: Api): void {
  let document: string | undefined;
  app.get('/openapi.json', (_req, res) => {
    document ??= JSON.stringify(buildOpenApi(publicUrl));
    res.type('application/json').send(document);
  });
  // The package's own index.html points at a demo, so no index is served.
  const assets = dirname(require.resolve('swagger-ui-dist/package.json'));
  app.use('/docs/assets', express.static(assets, { index: false, maxAge: '1h' }));
  app.get('/docs', (_req, res) => void res.type('html').send(PAGE));
  app.get('/docs/init.js', (_req, res) => void res.type('text/javascript').send(INIT));
}
