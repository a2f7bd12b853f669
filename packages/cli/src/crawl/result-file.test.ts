import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openResultFile } from './result-file.ts';
import type { ResultSink } from './result-sink.ts';

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

  const knows = ({ done }: ResultSink, ...urls: string[]): boolean[] => [
    done.size === urls.length,
    ...urls.map((url) => done.has(url)),
  ];

  it('begins empty and keeps whole lines', async () => {
    const sink = await openResultFile(path);
    expect(sink.done.size).toBe(0);
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
    expect(knows(sink, 'https://a.test/', 'https://b.test/')).toEqual([true, true, true]);
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
    expect(knows(sink, 'https://a.test/')).toEqual([true, true]);
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

  it('refuses a file of one line without an end that is not its own, and leaves it as it was', async () => {
    writeFileSync(path, 'my notes');
    await expect(openResultFile(path)).rejects.toThrow(/is not a result of a crawl/);
    expect(readFileSync(path, 'utf8')).toBe('my notes');
  });
});

describe('compressed result file of a crawl', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crawl-test-'));
    path = join(folder, 'out.ndjson.gz');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const line = (name: string): string =>
    JSON.stringify({ version: 1, requestedUrl: `https://${name}.test/`, padding: name.repeat(500) });

  async function add(...names: string[]): Promise<void> {
    const sink = await openResultFile(path);
    for (const name of names) await sink.append(line(name));
    sink.close();
  }
  const text = (): string => gunzipSync(readFileSync(path)).toString();

  it('is what any gunzip reads, however often it was gone on with', async () => {
    await add('a', 'b');
    await add('c');
    expect(text()).toBe(['a', 'b', 'c'].map((name) => `${line(name)}\n`).join(''));
    const sink = await openResultFile(path);
    expect(['a', 'b', 'c', 'd'].map((name) => sink.done.has(`https://${name}.test/`))).toEqual([
      ...[true, true, true, false],
    ]);
    sink.close();
  });

  it.each([1, 5, 19, 21, 40])('forgets a line of which a crash left %i bytes', async (bytes) => {
    await add('a', 'b');
    const whole = readFileSync(path);
    const first = whole.indexOf(Buffer.from([0x1f, 0x8b, 8, 4]), 1);
    truncateSync(path, first + bytes);
    await add('c');
    expect(text()).toBe(`${line('a')}\n${line('c')}\n`);
  });

  it('refuses what something else compressed, and leaves it as it was', async () => {
    const foreign = gzipSync(`${line('a')}\n`);
    writeFileSync(path, foreign);
    await expect(openResultFile(path)).rejects.toThrow(/was not compressed by a crawl/);
    expect(readFileSync(path)).toEqual(foreign);
  });

  it('refuses a file that is damaged in its middle', async () => {
    await add('a', 'b');
    const bytes = readFileSync(path);
    bytes[30] = (bytes[30] ?? 0) ^ 0xff;
    writeFileSync(path, bytes);
    await expect(openResultFile(path)).rejects.toThrow(/is not a result of a crawl/);
    expect(readFileSync(path)).toEqual(bytes);
  });
});
