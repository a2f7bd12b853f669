import type { RawAnswer } from './raw-http.ts';
import { sendRaw } from './raw-http.ts';
import type { TestGateway } from './start-test-gateway.ts';
import { bearer } from './test-accounts.ts';

/** Cookies by name. */
export type Jar = Readonly<Record<string, string>>;

interface BoardRequest {
  readonly method?: string;
  readonly jar: Jar;
  readonly headers?: Jar;
  readonly body?: string;
}

/** The cookies that open Bull Board for a fresh login, or (`/grant`) let it change queues. */
export async function openBoard({ url }: TestGateway, token: string, path: '' | '/grant' = ''): Promise<Jar> {
  const response = await fetch(`${url}/auth/queues-session${path}`, {
    method: 'POST',
    headers: bearer(token),
  });
  if (response.status !== 204) throw new Error(`Bull Board was not opened: ${response.status}`);
  const pairs = response.headers.getSetCookie().map((cookie) => /^([^=]+)=([^;]*)/.exec(cookie) ?? []);
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
}

/** Asks the API of Bull Board, as its pages do: with the cookies, and the word that they repeat. */
export function askBoard(
  gateway: TestGateway,
  path: string,
  { method = 'PUT', jar, headers = {}, body = '{}' }: BoardRequest,
): Promise<RawAnswer> {
  const cookies = Object.entries(jar).map(([name, value]) => `${name}=${value}`);
  const echo = { 'X-XSRF-TOKEN': jar['XSRF-TOKEN'] ?? '' };
  return sendRaw(gateway, {
    ...{ path: `/admin/queues/api/queues${path}`, method, body: method === 'GET' ? '' : body },
    headers: { Cookie: cookies.join('; '), 'Content-Type': 'application/json', ...echo, ...headers },
  });
}
