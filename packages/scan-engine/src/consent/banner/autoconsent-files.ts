import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A rule of autoconsent, of which only these fields concern us. */
interface Rule {
  readonly name: string;
  readonly runContext?: { readonly main?: boolean; readonly frame?: boolean; readonly urlPattern?: string };
}

/** What of autoconsent is sent into frames. */
export interface AutoconsentFiles {
  /** The program as one script, unmodified. */
  readonly script: string;
  /** The rules that can apply to a frame, as JSON. */
  rulesFor(frameUrl: string, isMainFrame: boolean): string;
}

let files: Promise<AutoconsentFiles> | null = null;

/** Reads autoconsent's files from its package, once a process. */
export async function autoconsentFiles(): Promise<AutoconsentFiles> {
  files ??= readFiles();
  return await files;
}

async function readFiles(): Promise<AutoconsentFiles> {
  const { resolve } = createRequire(import.meta.url);
  const folder = dirname(resolve('@duckduckgo/autoconsent'));
  const [script, json] = await Promise.all([
    readFile(join(folder, 'autoconsent.playwright.js'), 'utf8'),
    readFile(resolve('@duckduckgo/autoconsent/rules/rules.json'), 'utf8'),
  ]);
  const { autoconsent: rules } = JSON.parse(json) as { autoconsent: readonly Rule[] };
  return {
    script,
    rulesFor: (frameUrl, isMainFrame) =>
      JSON.stringify({ autoconsent: rules.filter((rule) => canApply(rule, frameUrl, isMainFrame)) }),
  };
}

/** Most rules are for one site or for main frames only, and sending them costs more than anything they do. */
function canApply({ runContext = {} }: Rule, frameUrl: string, isMainFrame: boolean): boolean {
  const { main = true, frame = false, urlPattern } = runContext;
  if (isMainFrame ? !main : !frame) return false;
  return urlPattern === undefined || urlPattern === '' || matches(urlPattern, frameUrl);
}

function matches(pattern: string, url: string): boolean {
  try {
    return new RegExp(pattern).test(url);
  } catch {
    return true; // A pattern that only its own program understands is for that program to judge.
  }
}
