/** Who calls, and where. */
export interface Caller {
  address: string;
  apiKey: string;
  appId: string;
}

/**
 * Calls Hookline's own API, as any client does.
 *
 * @param path from `/v1` on
 * @throws Error with the API's own sentence when it refuses
 */
export async function callApi<T>(
  caller: Caller,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${caller.address}${path}`, {
    method,
    headers: {
      'api-key': caller.apiKey,
      'api-appid': caller.appId,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as T & { detail?: string; problems?: { path: string; message: string }[] };
  if (!response.ok) {
    const problems = (answer.problems ?? []).map(({ path: at, message }) => `${at} ${message}`).join('; ');
    throw new Error(`${method} ${path} answered ${response.status}: ${answer.detail ?? ''} ${problems}`.trim());
  }
  return answer;
}
