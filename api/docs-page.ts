/** The page of the live docs; all that it loads comes from this server, and nothing stands inline (see secure-headers.ts). */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hookline API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
<link rel="icon" type="image/png" sizes="32x32" href="/docs/assets/favicon-32x32.png">
</head>
<body>
<form id="keys" autocomplete="off">
  <strong>Hookline API</strong>
  <label>API key <input id="api-key" type="password" spellcheck="false"></label>
  <label>App id <input id="app-id" spellcheck="false"></label>
  <button type="submit">Use</button>
  <button type="button" id="forget">Forget</button>
  <span id="said" role="status"></span>
  <span id="remaining"></span>
</form>
<div id="ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/init.js"></script>
</body>
</html>
`;

export const DOCS_STYLE = `body { margin: 0; }
.swagger-ui .scheme-container .auth-wrapper, .swagger-ui .authorization__btn { display: none; }
#keys {
  position: sticky; top: 0; z-index: 10; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center;
  padding: .6rem 1rem; background: #1f2937; color: #fff; font: 14px system-ui, sans-serif;
}
#keys input { padding: .3rem .5rem; border: 2px solid #9ca3af; border-radius: 4px; font: inherit; width: 15rem; }
#keys button { padding: .3rem .8rem; border: 0; border-radius: 4px; font: inherit; cursor: pointer; }
#keys.right input { border-color: #16a34a; background: #f0fdf4; }
#keys.wrong input { border-color: #dc2626; background: #fef2f2; }
#remaining { margin-left: auto; }
`;

/** Keys are kept by the browser alone, under this origin; the account's own document is loaded with them. */
export const DOCS_SCRIPT = `'use strict';
const KEPT = 'hookline-docs-keys';
const at = (id) => document.getElementById(id);
let keys = null;

const show = (spec) => SwaggerUIBundle({
  spec,
  dom_id: '#ui',
  tryItOutEnabled: true,
  validatorUrl: null,
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  presets: [SwaggerUIBundle.presets.apis],
  requestInterceptor: (request) => {
    if (keys && new URL(request.url, location.href).origin === location.origin)
      request.headers = { ...request.headers, 'Api-Key': keys.apiKey, 'Api-Appid': keys.appId };
    return request;
  },
  responseInterceptor: (response) => {
    const left = response.headers && response.headers['x-rate-limit-remaining'];
    if (left !== undefined) at('remaining').textContent = left + ' requests left in this minute';
    return response;
  },
});

const say = (state, sentence) => {
  at('keys').className = state;
  at('said').textContent = sentence;
};

async function use(given) {
  const general = () => fetch('/openapi.json').then((answer) => answer.json());
  if (!given) {
    keys = null;
    say('', 'Enter a key and its app id to see the endpoints of your account.');
    return show(await general());
  }
  const answer = await fetch('/docs/openapi.json', {
    headers: { 'Api-Key': given.apiKey, 'Api-Appid': given.appId },
  });
  const body = await answer.json();
  if (!answer.ok) {
    keys = null;
    say('wrong', body.detail);
    return show(await general());
  }
  keys = given;
  localStorage.setItem(KEPT, JSON.stringify(given));
  say('right', 'Account ' + body['x-account-name'] + '. Requests act on its data.');
  return show(body);
}

at('keys').addEventListener('submit', (event) => {
  event.preventDefault();
  void use({ apiKey: at('api-key').value.trim(), appId: at('app-id').value.trim() });
});
at('forget').addEventListener('click', () => {
  localStorage.removeItem(KEPT);
  at('api-key').value = at('app-id').value = '';
  void use(null);
});
const kept = JSON.parse(localStorage.getItem(KEPT) || 'null');
if (kept) {
  at('api-key').value = kept.apiKey;
  at('app-id').value = kept.appId;
}
void use(kept);
`;
