const HEARTBEAT_TTY_MS = 1_000;
const HEARTBEAT_PLAIN_MS = 15_000;

/** Says one thing to the user, on standard error: standard output belongs to results. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Shows that a step is under way until it ends: one line that counts the seconds on a terminal, a line now and then
 * elsewhere, so that a log shows life too.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function showStep(title, work) {
  const isTerminal = process.stderr.isTTY === true;
  const startedAt = Date.now();
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1_000)} s`;
  const rewrite = (text) => process.stderr.write(`\r\u001b[K${text}`);

  if (isTerminal) rewrite(`… ${title}`);
  else say(`… ${title}`);
  const heartbeat = setInterval(
    () =>
      isTerminal ? rewrite(`… ${title} (${seconds()})`) : say(`  still ${lowerFirst(title)} (${seconds()})`),
    isTerminal ? HEARTBEAT_TTY_MS : HEARTBEAT_PLAIN_MS,
  );
  try {
    const result = await work();
    if (isTerminal) rewrite('');
    say(`✔ ${title} (${seconds()})`);
    return result;
  } catch (error) {
    if (isTerminal) rewrite('');
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

function lowerFirst(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
