import type { HttpTimings } from './http-failure';

export interface HttpRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
}
export interface HttpLimits {
  /** From the call to the last byte of the body that is read */
  timeoutMs: number;
  responseBytesKept: number;
  /** Then the connection is closed */
  responseBytesRead: number;
}
export interface HttpAnswer {
  status: number;
  /** Lower-case names; at most 64, values cut to 1024 characters */
  headers: Record<string, string>;
  /** UTF-8; at most `responseBytesKept` bytes */
  body: string;
  /** There was more, or the body broke off */
  isTruncated: boolean;
  /** Address that answered */
  peer: string | null;
  timings: HttpTimings;
}
