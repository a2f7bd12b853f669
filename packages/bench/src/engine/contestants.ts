import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startScanEngine } from '@cookie-scanner/scan-engine';
import puppeteer from 'puppeteer';

/** Name, domain and path of a cookie that was seen. */
export interface SeenCookie {
  readonly name: string;
  readonly domain: string;
  readonly path: string;
}

/** Something that visits a site and says which cookies it got. */
export interface Contestant {
  visit(url: string): Promise<readonly SeenCookie[]>;
  close(): Promise<void>;
}

/** What every contestant drives, and over which web. */
export interface Arena {
  readonly executablePath: string;
  readonly hostResolverRules: string;
}

/** Ways to scan that are measured against each other. */
export const CONTESTANTS = {
  /** This project's engine with its default settings. */
  engine: (arena: Arena) => startEngine(arena, 'auto'),
  /** The same without a network namespace, to see what that costs. */
  'engine no netns': (arena: Arena) => startEngine(arena, 'off'),
  /** Bare Puppeteer: `goto` until `load`, then the jar. Waits for nothing and sees least. */
  'bare load': (arena: Arena) => startBare(arena, 'load', 0),
  /** Bare Puppeteer: `networkidle0` and 2.5 s more, as the best scanners of this kind do. */
  'bare idle': (arena: Arena) => startBare(arena, 'networkidle0', 2_500),
} as const satisfies Record<string, (arena: Arena) => Promise<Contestant>>;

/** Name of a way to scan. */
export type ContestantName = keyof typeof CONTESTANTS;

async function startEngine(
  { executablePath, hostResolverRules }: Arena,
  networkNamespace: 'auto' | 'off',
): Promise<Contestant> {
  const engine = await startScanEngine({
    executablePath,
    hostResolverRules,
    dnsServers: [],
    allowPrivateNetworks: false,
    ignoreCertificateErrors: true,
    identity: 'visitor',
    allowNoSandbox: true,
    networkNamespace,
    pageLifeMs: 30_000,
  });
  return {
    async visit(url) {
      const { cookies } = await engine.scan(url, { params: { mode: 'quick', timeoutMs: 60_000 } });
      return cookies;
    },
    close: () => engine.close(),
  };
}

async function startBare(
  { executablePath, hostResolverRules }: Arena,
  waitUntil: 'load' | 'networkidle0',
  extraMs: number,
): Promise<Contestant> {
  const userDataDir = await mkdtemp(join(tmpdir(), 'cookie-scanner-bench-'));
  await mkdir(join(userDataDir, 'Default'));
  // The same kindness to third-party cookies that the engine shows, or the comparison would be unfair.
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  await writeFile(join(userDataDir, 'Default', 'Preferences'), JSON.stringify(preferences));
  const browser = await puppeteer.launch({
    executablePath,
    userDataDir,
    headless: 'shell',
    pipe: true,
    args: [
      `--host-resolver-rules=${hostResolverRules}`,
      '--ignore-certificate-errors',
      '--disable-quic',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  return {
    async visit(url) {
      const context = await browser.createBrowserContext();
      try {
        const page = await context.newPage();
        await page.goto(url, { waitUntil, timeout: 30_000 });
        if (extraMs > 0) await new Promise<void>((resolve) => void setTimeout(resolve, extraMs));
        return await context.cookies();
      } finally {
        await context.close();
      }
    },
    async close() {
      await browser.close();
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
