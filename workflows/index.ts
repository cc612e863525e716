export { deliverMessage } from './deliver-message';
export { deliverWebhook } from './deliver-webhook';
export { job } from './job';
export { mapEntry } from './map-entry';
