import type { Logger } from '../lib/logger';
import type { KeyRing } from '../lib/secrets/key-ring';
import type { Database } from '../store/database';
import type { Engine } from '../workers/temporal-client';
import type { Authenticator } from './authenticate';
import type { PaymentAdapter } from './forms/payment-adapter';
import type { OpenApiDocument } from './live-docs/open-api-document';
import type { LivePlaces } from './live-places';

/** What the API touches; opened once a process. */
export interface ApiParts {
  db: Database;
  engine: Engine;
  logger: Logger;
  /** Keys the hashes of API keys */
  pepper: string;
  /** Seal stored secrets and Temporal payloads */
  keys: KeyRing;
  /** By which Temporal's Web UI gets payloads decoded; null where nothing is decoded */
  codecToken: string | null;
  /** Address under which people reach the API, without a slash at the end */
  publicUrl: string;
  /** Private address ranges (CIDR) that webhooks may reach, as the workers have them */
  allow: readonly string[];
  /** Calls of the API under /1 that a key may make in a minute: the setting ONTRAPORT_REQUESTS_PER_MINUTE */
  ontraportCallsPerMinute: number;
  /** Proxies in front that say who the client is; none unless given */
  trustedProxies?: number;
  /** Takes the money of order forms; test cards decide where there is none */
  payments?: PaymentAdapter;
  /** Called after a commit that wrote events: nudges the pump of this process, where there is one */
  onEvents(): void;
}

/** What handlers get: the parts, and who may call. */
export interface Api extends ApiParts {
  authenticator: Authenticator;
  /** The OpenAPI document that holds for every account; made once */
  openApi(): OpenApiDocument;
  /** Aborts when the process stops: endless streams end then */
  stopping: AbortSignal;
  /** Places of live tails */
  livePlaces: LivePlaces;
  /** True for hosts that no webhook of this installation may have, from `allow` */
  isHostBlocked(hostname: string): boolean;
}

/** What the app offers to whoever listens. */
export interface AppLocals {
  /** Ends what would go on for ever */
  stop(): void;
}
