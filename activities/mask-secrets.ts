import { isSecretName } from '../schemas/header-row';

const MASK = '•••';
/** Shorter texts stand in answers by chance */
const CHARS_MIN = 8;

/** Takes secrets out of what goes to the log. */
export interface Masker {
  headers(headers: Record<string, string>): Record<string, string>;
  text(text: string): string;
}

/**
 * Masks the values of headers that are secret by name or because the webhook says so, and these values wherever else
 * they turn up: a receiver may echo what it got.
 *
 * @param secretNames lower case
 * @param sent        headers as sent
 * @throws never
 * @source docs/delivery.md#secrets
 */
export function buildMasker(secretNames: ReadonlySet<string>, sent: Record<string, string>): Masker {
  const isSecret = (name: string): boolean => isSecretName(name) || secretNames.has(name.toLowerCase());
  const values = Object.entries(sent)
    .filter(([name]) => isSecret(name))
    .flatMap(([, value]) => [value, value.split(/\s+/).at(-1) ?? ''])
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
    .filter((value) => value.length >= CHARS_MIN)
    .sort((a, b) => b.length - a.length);
  const text = (given: string): string => values.reduce((rest, value) => rest.replaceAll(value, MASK), given);
  return {
    text,
    headers: (headers) =>
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, isSecret(name) ? MASK : text(value)])),
  };
}
