import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openResultFile } from './result-file.ts';

describe('result file of a crawl', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crawl-test-'));
    path = join(folder, 'out.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const line = (url: string, padding = ''): string =>
    JSON.stringify({ version: 1, requestedUrl: url, padding });

  it('begins empty and keeps whole lines', async () => {
    const sink = await openResultFile(path);
    expect([...sink.done]).toEqual([]);
    await sink.append(line('https://a.test/'));
    await sink.append(line('https://b.test/'));
    sink.close();
    expect(readFileSync(path, 'utf8')).toBe(`${line('https://a.test/')}\n${line('https://b.test/')}\n`);
  });

  it('goes on after the last whole line and forgets one that a crash tore', async () => {
    writeFileSync(
      path,
      `${line('https://a.test/')}\n${line('https://b.test/')}\n${line('https://c.test/').slice(0, 20)}`,
    );
    const sink = await openResultFile(path);
    expect([...sink.done]).toEqual(['https://a.test/', 'https://b.test/']);
    await sink.append(line('https://c.test/'));
    sink.close();
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines).toHaveLength(4);
    expect(
      lines.slice(0, 3).map((text) => (JSON.parse(text) as { requestedUrl: string }).requestedUrl),
    ).toEqual(['https://a.test/', 'https://b.test/', 'https://c.test/']);
  });

  it('forgets a torn line that is longer than what is read at once', async () => {
    const torn = line('https://b.test/', 'x'.repeat(200_000)).slice(0, -10);
    writeFileSync(path, `${line('https://a.test/')}\n${torn}`);
    const sink = await openResultFile(path);
    expect([...sink.done]).toEqual(['https://a.test/']);
    sink.close();
    expect(readFileSync(path, 'utf8')).toBe(`${line('https://a.test/')}\n`);
  });

  it('empties a file that holds nothing but a torn line', async () => {
    writeFileSync(path, '{"version":1,"reques');
    const sink = await openResultFile(path);
    sink.close();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('refuses to add to a file that is not its own, and leaves it as it was', async () => {
    const text = 'name,domain\nsession,shop.test\n';
    writeFileSync(path, text);
    await expect(openResultFile(path)).rejects.toThrow(/Line 1 of .*out\.ndjson is not a result of a crawl/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
