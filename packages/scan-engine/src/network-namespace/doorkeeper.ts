// The program inside a browser's network namespace. It is run from its text, compiled or not, so it is JavaScript too.
import { createServer } from 'node:net';

// A socket belongs to the namespace it was made in, whoever holds it: what is opened here is handed out and served there.
process.on('message', () => {
  const door = createServer();
  door.listen(0, '127.0.0.1', () => {
    process.send?.('door', door, {}, () => void door.close());
  });
});
// Whoever asked for doors is gone.
process.on('disconnect', () => process.exit());
process.send?.('ready');
