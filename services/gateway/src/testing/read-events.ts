/** One server-sent event; a comment has the name `comment`. */
export interface ReceivedEvent {
  readonly name: string;
  readonly data: unknown;
  readonly id: string | null;
}

/** The events of a stream as they come, until the server ends it. */
export async function* readEvents(response: Response): AsyncGenerator<ReceivedEvent> {
  if (!response.body) return;
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event) yield event;
    }
  }
}

function parseEvent(block: string): ReceivedEvent | null {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    }),
  );
  const comment = fields.get('');
  if (comment !== undefined) return { name: 'comment', data: comment, id: null };
  const data = fields.get('data');
  if (data === undefined) return null;
  return { name: fields.get('event') ?? 'message', data: JSON.parse(data), id: fields.get('id') ?? null };
}
