import type { Answer, Exchange } from './site.ts';

/** What a response may carry besides its body. */
interface AnswerOptions {
  readonly status?: number;
  /** One `Set-Cookie` header each; non-ASCII text goes out as UTF-8. */
  readonly setCookie?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A transparent GIF of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Answers with this body. Nothing is cached, so that every visit is a first visit. */
export function body(contentType: string, content: string | Buffer, options: AnswerOptions = {}): Answer {
  return ({ response }) => {
    response.writeHead(options.status ?? 200, {
      'content-type': contentType,
      'cache-control': 'no-store',
      ...options.headers,
      ...setCookieHeader(options.setCookie),
    });
    response.end(content);
  };
}

/** Bytes of a body that a slow line lets through at once, and the time until the next ones. */
const SLOW_LINE = { bytes: 65_536, everyMs: 20 };

/** Answers with this body as over a slow line, until all of it is sent or the visitor hangs up. */
export function slowBody(contentType: string, content: Buffer, options: AnswerOptions = {}): Answer {
  return ({ response }) => {
    response.writeHead(options.status ?? 200, {
      'content-type': contentType,
      'content-length': String(content.length),
      'cache-control': 'no-store',
      ...options.headers,
      ...setCookieHeader(options.setCookie),
    });
    let sentBytes = 0;
    const send = (): void => {
      if (response.destroyed) return;
      response.write(content.subarray(sentBytes, sentBytes + SLOW_LINE.bytes));
      sentBytes += SLOW_LINE.bytes;
      if (sentBytes >= content.length) response.end();
      else setTimeout(send, SLOW_LINE.everyMs).unref();
    };
    send();
  };
}

/** Answers with an HTML document that has this `<body>`. */
export function html(
  content: string,
  options: AnswerOptions & { title?: string; head?: string } = {},
): Answer {
  const title = options.title ?? 'Test page';
  const document =
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>` +
    `${options.head ?? ''}</head><body>${content}</body></html>`;
  return body('text/html; charset=utf-8', document, options);
}

/** Answers with an HTML document that only runs this script, inline. */
export function inlineScript(code: string, options: AnswerOptions = {}): Answer {
  return html(`<h1>Test page</h1><script>${code}</script>`, options);
}

/** Answers with a script. */
export function script(code: string, options: AnswerOptions = {}): Answer {
  return body('text/javascript; charset=utf-8', code, options);
}

/** Answers with a pixel. */
export function pixel(setCookie: readonly string[] = []): Answer {
  return body('image/gif', PIXEL, { setCookie });
}

/** Answers with JSON that every origin may read, with credentials. */
export function json(value: unknown, options: AnswerOptions = {}): Answer {
  return (exchange) => {
    const headers = { ...corsHeaders(exchange), ...options.headers };
    if (exchange.request.method === 'OPTIONS')
      return body('text/plain', '', { status: 204, headers })(exchange);
    return body('application/json', JSON.stringify(value), { ...options, headers })(exchange);
  };
}

/** Redirects with 302; `location` may depend on the request. */
export function redirect(
  location: string | ((exchange: Exchange) => string),
  options: AnswerOptions = {},
): Answer {
  return (exchange) => {
    const target = typeof location === 'string' ? location : location(exchange);
    const headers = { ...options.headers, location: target };
    return body('text/plain', '', { status: 302, ...options, headers })(exchange);
  };
}

/** Answers as `answer` does, but only after this server think time. */
export function after(delayMs: number, answer: Answer): Answer {
  return async (exchange) => {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      exchange.response.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    if (!exchange.response.destroyed) await answer(exchange);
  };
}

/** Headers with which a browser lets any page read the response to a request with credentials. */
function corsHeaders({ request }: Exchange): Record<string, string> {
  return {
    'access-control-allow-origin': request.headers.origin ?? '*',
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
    vary: 'origin',
  };
}

function setCookieHeader(lines: readonly string[] | undefined): Record<string, string[]> {
  if (lines === undefined || lines.length === 0) return {};
  // Node writes header text as Latin-1, one byte a character; this makes the bytes those of UTF-8.
  return { 'set-cookie': lines.map((line) => Buffer.from(line, 'utf8').toString('latin1')) };
}
