/* global SwaggerUIBundle */
(() => {
  const KEPT_AS = 'hookline-keys';
  const at = (id) => document.getElementById(id);
  const [apiKey, appId, said, left, forget] = ['api-key', 'app-id', 'said', 'left', 'forget'].map(at);
  const inputs = [apiKey, appId];

  /** The keys that work; null before there are any. */
  let keys = null;
  /** Counts what was asked for: an answer that is overtaken by a later question is let go. */
  let asked = 0;

  const headersOf = ({ key, app }) => ({ 'Api-Key': key, 'Api-Appid': app });

  /** localStorage can be switched off; the page works without. */
  const kept = {
    read() {
      try {
        return JSON.parse(localStorage.getItem(KEPT_AS));
      } catch {
        return null;
      }
    },
    write(value) {
      try {
        if (value) localStorage.setItem(KEPT_AS, JSON.stringify(value));
        else localStorage.removeItem(KEPT_AS);
      } catch {}
    },
  };

  function mark(state, sentence) {
    for (const input of inputs) {
      input.className = state;
      input.setAttribute('aria-invalid', String(state === 'refused'));
    }
    said.textContent = sentence;
    forget.hidden = keys === null;
  }

  /** Keys go only to the server that this page is from. */
  function withKeys(request) {
    if (keys && new URL(request.url, location.href).origin === location.origin)
      Object.assign(request.headers, headersOf(keys));
    return request;
  }

  function showLeft(response) {
    const of = (name) => response.headers?.[name];
    if (of('x-rate-limit-remaining') !== undefined)
      left.textContent = `${of('x-rate-limit-remaining')} of ${of('x-rate-limit-limit')} requests under /1 are left for the next ${of('x-rate-limit-reset')} seconds.`;
    return response;
  }

  function show(spec) {
    const place = document.createElement('div');
    at('ui').replaceChildren(place);
    SwaggerUIBundle({
      spec,
      domNode: place,
      tryItOutEnabled: true,
      validatorUrl: null,
      deepLinking: true,
      docExpansion: 'none',
      filter: true,
      displayRequestDuration: true,
      defaultModelsExpandDepth: 0,
      requestInterceptor: withKeys,
      responseInterceptor: showLeft,
      presets: [SwaggerUIBundle.presets.apis],
    });
  }

  async function showGeneral(state, sentence) {
    const question = ++asked;
    mark(state, sentence);
    const response = await fetch('/openapi.json');
    if (question === asked) show(await response.json());
  }

  async function use(given) {
    const question = ++asked;
    mark('', 'Trying the keys …');
    let response;
    let body;
    try {
      response = await fetch('/v1/openapi', { headers: headersOf(given) });
      body = await response.json();
    } catch {
      if (question === asked) mark('refused', 'The server did not answer. Try again in a moment.');
      return;
    }
    if (question !== asked) return;
    if (!response.ok) {
      keys = null;
      left.textContent = '';
      // Keys that are no longer taken are not kept; an answer such as "away for a moment" says nothing about them.
      if (response.status === 401) kept.write(null);
      await showGeneral('refused', body.detail || body.title);
      return;
    }
    keys = given;
    kept.write(given);
    mark('works', 'The keys work. This is the API of your account: what you try out acts on its real data.');
    show(body);
  }

  at('keys').addEventListener('submit', (event) => {
    event.preventDefault();
    void use({ key: apiKey.value.trim(), app: appId.value.trim() });
  });

  forget.addEventListener('click', () => {
    keys = null;
    kept.write(null);
    for (const input of inputs) input.value = '';
    left.textContent = '';
    void showGeneral('', 'The keys are forgotten.');
  });

  const before = kept.read();
  if (before && typeof before.key === 'string' && typeof before.app === 'string') {
    apiKey.value = before.key;
    appId.value = before.app;
    void use(before);
  } else
    void showGeneral('', 'Enter the keys of an account to see its own objects and fields, and to try requests out.');
})();
