import type { RequestOverride } from '../schemas/delivery';
import type { WebhookSettings } from '../schemas/webhook';
import { type Rendering, renderRequest } from './render-request';

type Given = Parameters<typeof renderRequest>;

/**
 * The request of a delivery whose URL and body a person wrote: both are sent as they stand, brackets and all, since they
 * were a request already. Headers come from the webhook's settings, with the record's values.
 *
 * @returns a problem (a sentence) when no request can be made of it
 * @throws never
 * @source docs/delivery.md D16
 */
export function renderEdited(override: RequestOverride, ...given: Given): Rendering {
  const [settings, record, objectType, delivery] = given;
  const written: WebhookSettings = { ...settings, url: override.url, body: override.body };
  const headersOnly: WebhookSettings = { ...settings, url: 'https://example.com/', body: '' };
  const edited = renderRequest(written, null, objectType, delivery);
  const framed = renderRequest(headersOnly, record, objectType, delivery);
  if (edited.request === null || framed.request === null) return edited;
  const { contentType, headers } = edited.request;
  const typed = headers['content-type'] === undefined ? {} : { 'content-type': contentType };
  return { request: { ...edited.request, headers: { ...framed.request.headers, ...typed } }, problem: null };
}
