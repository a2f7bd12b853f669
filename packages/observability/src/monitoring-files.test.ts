import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FILES = ['alerts.yml', 'dashboard.json', 'README.md'];
/** Parts of the language of queries, and what Prometheus adds itself. */
const NOT_OURS = /^(histogram_quantile|scrape_configs|job_name|static_configs|rule_files)$/;

function registeredNames(): Set<string> {
  const sources = globSync('services/*/src/**/*.ts', { cwd: ROOT });
  const names = sources.flatMap((path) =>
    [...readFileSync(`${ROOT}/${path}`, 'utf8').matchAll(/name: '([a-z]+(?:_[a-z]+)+)'/g)].map(
      ([, name = '']) => name,
    ),
  );
  return new Set(names);
}

describe('the files for monitoring', () => {
  it.each(FILES)('name only metrics that a service registers (%s)', (file) => {
    const text = readFileSync(`${ROOT}/docs/monitoring/${file}`, 'utf8');
    const used = [...text.matchAll(/\b(?:scans?|outbox|schedule|reports)_[a-z_]+\b/g)].map(([name]) => name);
    const registered = registeredNames();
    expect(used.length).toBeGreaterThan(5);
    const unknown = used.filter(
      (name) => !NOT_OURS.test(name) && !registered.has(name.replace(/_bucket$/, '')),
    );
    expect(unknown).toEqual([]);
  });
});
