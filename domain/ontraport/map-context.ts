import type { WebhookId } from '../../schemas/ids';
import type { Read } from './field-text';
import type { InMap } from './map-statements';

/** What a map's elements are read and written with. */
export interface MapContext extends InMap {
  /** The webhook for an element that only has a URL */
  webhookFor(url: string, label: string): Read<WebhookId>;
  /** The URL of a stored webhook */
  urlOf(webhookId: WebhookId): string | undefined;
}
