import type { BrowserIdentity } from './browser/browser-arguments.ts';
import type { NetworkNamespaceMode } from './browser/launch-browser.ts';
import type { ScanIsolation } from './browser-pool/browser-pool.ts';

/** Where the engine tells its operator what happened; the observability logger fits. */
export interface EngineLogger {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

/** Settings of one engine, the same for all its scans. */
export interface EngineSettings {
  /** Browser to drive; null looks for an installed one. */
  readonly executablePath: string | null;
  /** Rules in the syntax of Chromium's `--host-resolver-rules`, applied by the egress gateway; empty for none. */
  readonly hostResolverRules: string;
  /** Name servers as `ip` or `ip:port`; none for the system's. They are asked for aliases of mapped names too. */
  readonly dnsServers: readonly string[];
  readonly allowPrivateNetworks: boolean;
  readonly ignoreCertificateErrors: boolean;
  readonly identity: BrowserIdentity;
  /** Run without the sandbox where the kernel allows none. */
  readonly allowNoSandbox: boolean;
  /** Whether browsers get a network namespace of their own; `auto` unless told. */
  readonly networkNamespace?: NetworkNamespaceMode;
  /** Life of each page after load, on the page's own clock. */
  readonly pageLifeMs: number;
  /** Whether scans share a browser, each in a context of its own (the default), or each gets a browser. */
  readonly isolation?: ScanIsolation;
  /** Scans after which a shared browser is replaced; 200 unless told. */
  readonly browserScansMax?: number;
  /** Memory at which a shared browser is replaced, on Linux; 4 GB unless told. */
  readonly browserMemoryMaxBytes?: number;
  /**
   * Memory that one browser may hold with all its processes, on Linux. Over it, what holds most is ended, and its scan
   * with it, as `resource_limit`. `auto`, the default: half of what the machine has free when the engine starts.
   */
  readonly browserMemoryLimitBytes?: number | 'auto';
  readonly logger?: EngineLogger;
}

/** Version stamped on every observation; raise it when the same site would give another observation. */
export const ENGINE_VERSION = '0.3.0';
