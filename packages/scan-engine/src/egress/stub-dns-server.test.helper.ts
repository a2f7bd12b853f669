import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What the server does when it is asked for one name. */
export interface StubRecord {
  readonly a?: readonly string[];
  readonly cname?: string;
  /** `silent` never answers. */
  readonly fails?: 'servfail' | 'refused' | 'silent';
  /** Answers only when this resolves. */
  readonly after?: Promise<unknown>;
}

/** A name server on this machine that says what a test wants it to say. */
export interface StubDnsServer {
  /** As `ip:port`. */
  readonly address: string;
  /** Questions so far, as `TYPE name`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const TYPE_A = 1;
const TYPE_CNAME = 5;
const RESPONSE_FLAGS = 0x8180;
const RCODE = { servfail: 2, nxdomain: 3, refused: 5 };
const HEADER_BYTES = 12;

/**
 * Starts a name server (RFC 1035) over UDP. A name without a record does not exist.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1035#section-4
 */
export async function startStubDnsServer(
  records: Readonly<Record<string, StubRecord>>,
): Promise<StubDnsServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const { name, type, end } = readQuestion(query);
    asked.push(`${type === TYPE_A ? 'A' : type === TYPE_CNAME ? 'CNAME' : String(type)} ${name}`);
    const record = records[name];
    if (record?.fails === 'silent') return;
    const reply = answerTo(query.subarray(0, end), type, record);
    // The test may be over before a late answer.
    void Promise.resolve(record?.after).then(() => {
      if (isOpen) socket.send(reply, peer.port, peer.address);
    });
  });
  let isOpen = true;
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    async close() {
      isOpen = false;
      await new Promise<void>((resolve) => void socket.close(() => resolve()));
    },
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answerTo(question: Buffer, type: number, record: StubRecord | undefined): Buffer {
  const answers =
    type === TYPE_CNAME && record?.cname !== undefined
      ? [resource(TYPE_CNAME, encodeName(record.cname))]
      : type === TYPE_A
        ? (record?.a ?? []).map((address) => resource(TYPE_A, Buffer.from(address.split('.').map(Number))))
        : [];
  const failure = record?.fails === 'silent' ? undefined : record?.fails;
  const rcode = record === undefined ? RCODE.nxdomain : failure === undefined ? 0 : RCODE[failure];
  const reply = Buffer.concat([question, ...answers]);
  reply.writeUInt16BE(RESPONSE_FLAGS | rcode, 2);
  reply.writeUInt16BE(1, 4);
  reply.writeUInt16BE(answers.length, 6);
  reply.writeUInt32BE(0, 8);
  return reply;
}

/** A record about the name that was asked for. */
function resource(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc000 | HEADER_BYTES, 0); // A pointer to the name in the question.
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function encodeName(name: string): Buffer {
  return Buffer.concat([
    ...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);
}
