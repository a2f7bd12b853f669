import { sendAndForget } from '../browser/target-attacher.ts';
import type { Collector } from './collector.ts';

/** Answers dialogs, which would otherwise stop the page and everybody who waits for it. */
export interface DialogsCollector extends Collector {
  count(): number;
}

/** Dismisses every dialog, as a visitor in a hurry does; a page that asks whether to leave is left. */
export function dialogsCollector(): DialogsCollector {
  let count = 0;
  return {
    attach({ session, type }) {
      if (type !== 'page' && type !== 'iframe') return;
      session.on('Page.javascriptDialogOpening', (event) => {
        count += 1;
        sendAndForget(session, 'Page.handleJavaScriptDialog', { accept: event.type === 'beforeunload' });
      });
    },
    count: () => count,
  };
}
