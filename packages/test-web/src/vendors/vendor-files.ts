import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { body, script } from '../answers.ts';
import type { Answer } from '../site.ts';

/** A vendor's library; `<name>.entry.ts` in this folder says what of it the pages get. */
export type VendorName =
  | 'amplitude'
  | 'clientjs'
  | 'datadog'
  | 'fingerprintjs'
  | 'js-cookie'
  | 'klaro'
  | 'mixpanel'
  | 'osano-cookieconsent'
  | 'plausible'
  | 'posthog'
  | 'segment'
  | 'snowplow'
  | 'vanilla-cookieconsent';

// Beside this file lie the sources in a test and the compiled entries in dist/.
const EXTENSION = extname(import.meta.url);
const bundles = new Map<VendorName, Promise<string>>();

/** Answers with the vendor's library as one classic script that defines the global `vendor`. */
export function vendorScript(name: VendorName): Answer {
  return async (exchange) => {
    const bundle = bundles.get(name) ?? bundleVendor(name);
    bundles.set(name, bundle);
    await script(await bundle)(exchange);
  };
}

/** Answers with a style sheet out of an installed package. */
export function vendorStyle(file: string): Answer {
  return async (exchange) => {
    const path = createRequire(import.meta.url).resolve(file);
    await body('text/css; charset=utf-8', await readFile(path))(exchange);
  };
}

/** Bundling takes up to a second or two, so it happens on first request and once a process. */
async function bundleVendor(name: VendorName): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`./${name}.entry${EXTENSION}`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'vendor',
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild made nothing of ${name}`);
  return output.text;
}
