export { mapEntry } from './map-entry';
