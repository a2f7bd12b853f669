import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Reads the fields of a posted form. Must be called before anything is awaited: bodies are not kept. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await text(request));
}
