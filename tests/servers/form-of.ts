/** Parameters as a form or query: what is no text goes as JSON. */
export function formOf(given: Record<string, unknown>): string {
  return Object.entries(given)
    .map(([key, value]) => {
      const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
      return `${encodeURIComponent(key.toWellFormed())}=${encodeURIComponent(text.toWellFormed())}`;
    })
    .join('&');
}
