import type { AddressInfo, Server, Socket } from 'node:net';

/** A server that listens. */
export interface ListeningServer {
  readonly port: number;
  /** Bytes that were written to visitors so far, those of TLS and headers included. */
  bytesSent(): number;
  /** Ends every open socket, upgraded ones too, then the server. */
  close(): Promise<void>;
}

/**
 * Makes a server listen.
 *
 * @param port - 0 for any free one
 * @throws Error with the code of the system, such as EADDRINUSE
 */
export async function listen(server: Server, port: number, host = '127.0.0.1'): Promise<ListeningServer> {
  const sockets = new Set<Socket>();
  let bytesSentBefore = 0;
  // Emitted for TLS servers too, with the socket below TLS; `closeAllConnections` would miss upgraded sockets.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      bytesSentBefore += socket.bytesWritten;
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    bytesSent: () => [...sockets].reduce((bytes, { bytesWritten }) => bytes + bytesWritten, bytesSentBefore),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
