import type { Fault } from './fault.ts';

/** Whichever process it is, what it was doing is done by another one, or by the next one. */
export const killProcess: Fault = {
  name: 'a process is killed',
  strike({ platform, random }) {
    const [first, ...others] = platform.processes;
    if (first) random.pick([first, ...others]).signal('SIGKILL');
    return Promise.resolve();
  },
};
