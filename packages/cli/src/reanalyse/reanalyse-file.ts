import type { ClassifyOptions } from '@cookie-scanner/analysis';
import { siteObservationSchema, type KnowledgeBase, type SiteObservation } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { judgedLineSchema, rejudge, type JudgedLine } from './judged-line.ts';

/** Categories of earlier judgements, by what they are about. */
type Earlier = ReadonlyMap<string, JudgedLine['categories']>;

/**
 * Judges every line of a crawl again, one after the other.
 *
 * @param earlier - what was said before, as `readEarlier` gives it
 * @param basisOf - what is taken into account beside the knowledge
 * @throws AppError INPUT_INVALID naming the first line that is no observation
 */
export async function* reanalyseLines(
  input: Readable,
  knowledge: KnowledgeBase,
  earlier: Earlier,
  basisOf: (observation: SiteObservation) => ClassifyOptions = () => ({}),
): AsyncGenerator<JudgedLine> {
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    if (text.trim() === '') continue;
    const observation = siteObservationSchema.safeParse(parsed(text));
    if (!observation.success) {
      throw new AppError(
        'INPUT_INVALID',
        `Line ${number} is not a result of a crawl; give its output as --input.`,
      );
    }
    const before = earlier.get(keyOf(observation.data)) ?? [];
    yield rejudge(observation.data, knowledge, {
      scanId: null,
      before,
      basis: basisOf(observation.data),
    }).line;
  }
}

/**
 * What an earlier run wrote to the same file; nothing when there is no such file.
 *
 * @throws AppError INPUT_INVALID when it holds something else, which would otherwise be overwritten
 */
export async function readEarlier(path: string): Promise<Earlier> {
  const earlier = new Map<string, JudgedLine['categories']>();
  if (!existsSync(path)) return earlier;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const line = judgedLineSchema.safeParse(parsed(text));
    if (!line.success) {
      throw new AppError(
        'INPUT_INVALID',
        `${path} holds something else than findings; give another --output.`,
      );
    }
    earlier.set(keyOf(line.data), line.data.categories);
  }
  return earlier;
}

function keyOf({ requestedUrl, startedAt }: { requestedUrl: string; startedAt: string }): string {
  return `${startedAt} ${requestedUrl}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, so not one of ours; the schema says so.
    return null;
  }
}
