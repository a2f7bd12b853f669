import { describe, expect, it } from '@jest/globals';
import { parseHostRules } from './host-rules.ts';

describe('parseHostRules', () => {
  const rules = parseHostRules(
    'MAP *:443 127.0.0.1:8443, MAP *.cdn.test 10.0.0.9, MAP gone.test ~NOTFOUND, EXCLUDE real.test',
  );

  it('maps a name on a port that a rule names', () => {
    expect(rules.map('shop.test', 443)).toEqual({ kind: 'mapped', host: '127.0.0.1', port: 8443 });
  });

  it('leaves ports that no rule names to ordinary resolution', () => {
    expect(rules.map('shop.test', 6379)).toBeNull();
  });

  it('keeps the port when the replacement names none', () => {
    expect(rules.map('a.cdn.test', 8080)).toEqual({ kind: 'mapped', host: '10.0.0.9', port: 8080 });
  });

  it('answers as if the name did not exist for ~NOTFOUND', () => {
    expect(rules.map('gone.test', 80)).toEqual({ kind: 'notFound' });
  });

  it('lets an exclusion win over every mapping', () => {
    expect(rules.map('real.test', 443)).toBeNull();
  });

  it.each(['MAP', 'MAP a', 'DENY a b', 'MAP a b c', 'MAP a:99999 b', 'MAP a [::1'])('refuses %j', (text) => {
    expect(() => parseHostRules(text)).toThrow(/cannot read/);
  });
});
