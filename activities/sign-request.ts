import type { RenderedRequest } from '../domain/render-request';
import { sign, signatureBase } from '../lib/secrets/signature';
import type { Signer } from '../lib/secrets/webhook-secrets';

/** A request as it leaves, and the text that its signatures are over. */
export interface SignedRequest {
  request: RenderedRequest;
  signatureBase: string;
}

/**
 * Adds `webhook-timestamp`, and `webhook-signature` with one signature for each secret that is valid at that moment. Done
 * last, so that a request that waited for its slot is not old when it leaves.
 *
 * @param of.signers none: not signed
 * @param of.at      when the request leaves
 * @throws never
 * @source docs/delivery.md#signatures
 */
export function signRequest(
  request: RenderedRequest,
  of: { deliveryId: string; signers: readonly Signer[]; at: Date },
): SignedRequest {
  const timestampSeconds = Math.floor(of.at.getTime() / 1000);
  const message = { id: of.deliveryId, timestampSeconds, body: request.body ?? '' };
  const secrets = of.signers.filter(({ until }) => until === null || until > of.at).map(({ secret }) => secret);
  const headers = {
    ...request.headers,
    'webhook-timestamp': String(timestampSeconds),
    ...(secrets.length > 0 ? { 'webhook-signature': sign(message, secrets) } : {}),
  };
  return { request: { ...request, headers }, signatureBase: signatureBase(message) };
}
