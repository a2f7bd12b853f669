/** Sites of the test web that use up whatever time they are given; they are scanned with a short deadline. */
export const SLOW_SITES: ReadonlySet<string> = new Set([
  'endless-body',
  'never-answers',
  'endless-loop',
  'memory-hog',
  'reload-loop',
  'never-idle',
  'event-stream',
  'unread-body',
  'hanging-image',
]);
