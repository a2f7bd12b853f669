import { describe, expect, it } from '@jest/globals';
import { browserArguments } from './browser-arguments.ts';

type Options = Parameters<typeof browserArguments>[0];

function argumentsFor(more: Partial<Options> = {}): string[] {
  return browserArguments({
    executablePath: '/usr/bin/chromium',
    profileDir: '/tmp/profile',
    ignoreCertificateErrors: false,
    identity: 'visitor',
    userAgent: null,
    sandbox: true,
    ...more,
  });
}

describe('the command line of every browser', () => {
  // Without any one of these, pages reach networks beside the egress gateway: this test is here to fail then.
  it.each([
    ['sends loopback through the proxy too', '--proxy-bypass-list=<-loopback>'],
    ['has no way out without a proxy of its context', '--proxy-server=socks5://127.0.0.1:9'],
    [
      'keeps WebRTC from UDP, as full browsers spell it',
      '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    ],
    [
      'keeps WebRTC from UDP, as the headless shell spells it',
      '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    ],
    ['speaks no QUIC, which would go beside the proxy', '--disable-quic'],
    ['asks no name server ahead', '--dns-prefetch-disable'],
    ['asks no name server at all', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    ['opens no port for its own control', '--remote-debugging-pipe'],
  ])('%s', (_what, argument) => {
    for (const executablePath of ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell']) {
      for (const identity of ['visitor', 'declared'] as const) {
        expect(argumentsFor({ executablePath, identity })).toContain(argument);
      }
    }
  });

  it('never switches off a guard that it should keep', () => {
    const forbidden =
      /--(no-sandbox|disable-web-security|disable-site-isolation|remote-debugging-port|ignore-certificate-errors|allow-file-access|disable-setuid-sandbox|single-process|disable-ipc-flooding-protection)/;
    expect(argumentsFor().filter((argument) => forbidden.test(argument))).toEqual([]);
  });

  it('names each flag once, so that none takes another one back', () => {
    const names = argumentsFor().map((argument) => argument.split('=')[0]);
    expect(names).toEqual([...new Set(names)]);
  });

  it('gives up the sandbox and the certificates only when told to', () => {
    expect(argumentsFor({ sandbox: false })).toContain('--no-sandbox');
    expect(argumentsFor({ ignoreCertificateErrors: true })).toContain('--ignore-certificate-errors');
  });

  it('suits the browser: the headless shell knows one headless mode, a full browser has a new one', () => {
    expect(argumentsFor()[0]).toBe('--headless=new');
    expect(argumentsFor({ executablePath: '/opt/chrome-headless-shell' })[0]).toBe('--headless');
    expect(argumentsFor({ executablePath: '/opt/headless_shell' })[0]).toBe('--headless');
  });
});

describe('the identity on the command line', () => {
  it('of a visitor hides automation and shows the given user agent', () => {
    const args = argumentsFor({ identity: 'visitor', userAgent: 'Mozilla/5.0 Chrome/140.0.0.0' });
    expect(args).toContain('--disable-blink-features=AutomationControlled');
    expect(args).toContain('--user-agent=Mozilla/5.0 Chrome/140.0.0.0');
    expect(args).not.toContain('--enable-automation');
  });

  it('that is declared says that the browser is automated', () => {
    const args = argumentsFor({ identity: 'declared' });
    expect(args).toContain('--enable-automation');
    expect(args.join(' ')).not.toMatch(/AutomationControlled|--user-agent/);
  });
});
