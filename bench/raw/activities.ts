import { request } from 'undici';

/** What the raw workflow is given. */
export interface RawInput {
  queue: string;
  fairnessKey: string;
  url: string;
  body: string;
}

/** The one activity. */
export interface RawActivities {
  post(input: { url: string; body: string }): Promise<number>;
}

export const rawActivities: RawActivities = {
  async post({ url, body }) {
    const response = await request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await response.body.text();
    return response.statusCode;
  },
};
