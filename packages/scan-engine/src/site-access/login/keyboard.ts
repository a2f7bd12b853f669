import type { CDPSession } from '../../browser/cdp.ts';
import { LoginFailure } from './login-failure.ts';

interface Key {
  readonly code: string;
  /** Number by which pages know it. @see https://www.w3.org/TR/uievents/#fixed-virtual-key-codes */
  readonly number: number;
  /** What it types, if anything. */
  readonly text?: string;
}

const NAMED_KEYS: Readonly<Record<string, Key>> = {
  Enter: { code: 'Enter', number: 13, text: '\r' },
  Tab: { code: 'Tab', number: 9 },
  Escape: { code: 'Escape', number: 27 },
  Backspace: { code: 'Backspace', number: 8 },
  Delete: { code: 'Delete', number: 46 },
  Home: { code: 'Home', number: 36 },
  End: { code: 'End', number: 35 },
  PageUp: { code: 'PageUp', number: 33 },
  PageDown: { code: 'PageDown', number: 34 },
  ArrowLeft: { code: 'ArrowLeft', number: 37 },
  ArrowUp: { code: 'ArrowUp', number: 38 },
  ArrowRight: { code: 'ArrowRight', number: 39 },
  ArrowDown: { code: 'ArrowDown', number: 40 },
  Shift: { code: 'ShiftLeft', number: 16 },
  Control: { code: 'ControlLeft', number: 17 },
  Alt: { code: 'AltLeft', number: 18 },
  Meta: { code: 'MetaLeft', number: 91 },
  CapsLock: { code: 'CapsLock', number: 20 },
};
/** Bits of the protocol. */
const MODIFIERS: Readonly<Record<string, number>> = { Alt: 1, Control: 2, Meta: 4, Shift: 8 };
const MODIFIERS_THAT_TYPE_NOTHING = 1 | 2 | 4;
/** Longer texts are put in at once, as from the clipboard. */
const TYPED_CHARACTERS_MAX = 200;

/** The keys of one login; those that are held down stay so from step to step. */
export interface Keyboard {
  /** @throws LoginFailure for a key that no keyboard has */
  down(session: CDPSession, name: string): Promise<void>;
  up(session: CDPSession, name: string): Promise<void>;
  /** Types a text in place of what is selected. */
  type(session: CDPSession, text: string): Promise<void>;
}

/** A keyboard with no key held down. */
export function keyboard(): Keyboard {
  let modifiers = 0;

  const send = async (
    session: CDPSession,
    type: 'keyDown' | 'rawKeyDown' | 'keyUp',
    name: string,
  ): Promise<void> => {
    const { code, number, text } = keyOf(name);
    const types = type === 'keyDown' && text !== undefined && (modifiers & MODIFIERS_THAT_TYPE_NOTHING) === 0;
    await session.send('Input.dispatchKeyEvent', {
      type: type === 'keyDown' && !types ? 'rawKeyDown' : type,
      modifiers,
      key: name,
      code,
      windowsVirtualKeyCode: number,
      ...(types ? { text, unmodifiedText: text } : {}),
    });
  };

  const down: Keyboard['down'] = async (session, name) => {
    modifiers |= MODIFIERS[name] ?? 0;
    await send(session, 'keyDown', name);
  };
  const up: Keyboard['up'] = async (session, name) => {
    modifiers &= ~(MODIFIERS[name] ?? 0);
    await send(session, 'keyUp', name);
  };

  return {
    down,
    up,
    async type(session, text) {
      if (text === '') {
        await down(session, 'Backspace');
        await up(session, 'Backspace');
        return;
      }
      const characters = Array.from(text);
      if (characters.length > TYPED_CHARACTERS_MAX) {
        await session.send('Input.insertText', { text });
        return;
      }
      for (const character of characters) {
        if (/^[\x20-\x7e]$/.test(character)) {
          await down(session, character);
          await up(session, character);
        } else await session.send('Input.insertText', { text: character });
      }
    },
  };
}

function keyOf(name: string): Key {
  const named = Object.hasOwn(NAMED_KEYS, name) ? NAMED_KEYS[name] : undefined;
  if (named) return named;
  const functionKey = /^F([1-9]|1\d|2[0-4])$/.exec(name)?.[1];
  if (functionKey !== undefined) return { code: name, number: 111 + Number(functionKey) };
  if (Array.from(name).length !== 1) throw new LoginFailure(`no keyboard has the key ${name}`);
  const upper = name.toUpperCase();
  if (/^[A-Z]$/.test(upper)) return { code: `Key${upper}`, number: upper.charCodeAt(0), text: name };
  if (/^\d$/.test(name)) return { code: `Digit${name}`, number: name.charCodeAt(0), text: name };
  return { code: name === ' ' ? 'Space' : '', number: name === ' ' ? 32 : 0, text: name };
}
