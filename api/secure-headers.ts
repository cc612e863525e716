import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Headers that tell browsers to load nothing from elsewhere. Plain http stays usable under any host name: no upgrade to
 * https is asked for unless people reach the API by https.
 *
 * @param publicUrl address under which people reach the API
 */
export const secureHeaders = (publicUrl: string): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    strictTransportSecurity: publicUrl.startsWith('https://'),
  });
