/** Host of a URL in lower case, without its port; null for what is no URL, or has a merge field for a host. @throws never */
export const hostOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).hostname || null : null);
