import { z } from 'zod';

/**
 * The steps of a login, as the Recorder panel of Chrome DevTools exports them ("Export as a JSON file").
 *
 * What the Recorder adds and no step needs is dropped; what changes a step and cannot be replayed is refused here,
 * before a scan begins.
 *
 * @see https://github.com/puppeteer/replay/blob/main/docs/api/modules/Schema.md
 */

const STEPS_MAX = 200;
const SELECTORS_MAX = 20;
const SELECTOR_PARTS_MAX = 10;
const FRAME_DEPTH_MAX = 10;
const VALUE_CHARACTERS_MAX = 4_096;

/** Longest wait for one step, in milliseconds, as the Recorder allows it. */
const stepTimeoutSchema = z.number().int().min(1).max(30_000);

const selectorSchema = z.string().min(1).max(2_048);
/** Each entry is one way to the element: selectors from the outside inwards, each within what the one before found. */
const selectorsSchema = z
  .array(z.union([selectorSchema, z.array(selectorSchema).min(1).max(SELECTOR_PARTS_MAX)]))
  .min(1)
  .max(SELECTORS_MAX)
  .transform((selectors) =>
    selectors.map((selector) => (typeof selector === 'string' ? [selector] : selector)),
  );

const webAddressSchema = z
  .string()
  .max(8_192)
  .refine((url) => /^https?:\/\//i.test(url) && URL.canParse(url), 'is not an http or https address');

const assertedEventSchema = z.object({
  type: z.literal('navigation', { error: 'only events of type navigation can be waited for' }),
  /** Address the recording arrived at. Host and path must be reached again; the rest may differ. */
  url: z.string().max(8_192).optional(),
});

const step = {
  timeout: stepTimeoutSchema.optional(),
  assertedEvents: z.array(assertedEventSchema).max(10).default([]),
  /** `main`, or the address of another window of the flow. */
  target: z.string().max(8_192).default('main'),
};
const stepInFrame = {
  ...step,
  /** Way to the frame: position among the frames of its parent, from the page inwards. */
  frame: z.array(z.number().int().min(0).max(1_000)).max(FRAME_DEPTH_MAX).default([]),
};
const stepWithElement = { ...stepInFrame, selectors: selectorsSchema };
const pointer = {
  button: z.enum(['primary', 'auxiliary', 'secondary', 'back', 'forward']).default('primary'),
  /** CSS pixels from the upper left corner of the element's content. */
  offsetX: z.number(),
  offsetY: z.number(),
  /** Milliseconds between pressing and releasing. */
  duration: z.number().min(0).max(10_000).default(50),
};
const attributesSchema = z.record(z.string(), z.string());

const STEPS = [
  z.object({
    ...step,
    type: z.literal('setViewport'),
    width: z.number().int().min(1).max(10_000),
    height: z.number().int().min(1).max(10_000),
  }),
  z.object({
    ...step,
    type: z.literal('emulateNetworkConditions'),
    download: z.number(),
    upload: z.number(),
    latency: z.number(),
  }),
  z.object({ ...step, type: z.literal('navigate'), url: webAddressSchema }),
  z.object({ ...step, type: z.literal('close') }),
  z.object({ ...stepWithElement, ...pointer, type: z.literal('click') }),
  z.object({ ...stepWithElement, ...pointer, type: z.literal('doubleClick') }),
  z.object({ ...stepWithElement, type: z.literal('hover') }),
  z.object({ ...stepWithElement, type: z.literal('change'), value: z.string().max(VALUE_CHARACTERS_MAX) }),
  z.object({ ...step, type: z.literal('keyDown'), key: z.string().min(1).max(40) }),
  z.object({ ...step, type: z.literal('keyUp'), key: z.string().min(1).max(40) }),
  z.object({
    ...stepInFrame,
    type: z.literal('scroll'),
    selectors: selectorsSchema.optional(),
    x: z.number().default(0),
    y: z.number().default(0),
  }),
  z.object({
    ...stepWithElement,
    type: z.literal('waitForElement'),
    operator: z.enum(['>=', '==', '<=']).default('=='),
    count: z.number().int().min(0).max(10_000).default(1),
    visible: z.boolean().optional(),
    attributes: attributesSchema.default({}),
    properties: z.record(z.string(), z.json()).default({}),
  }),
  z.object({
    ...stepInFrame,
    type: z.literal('waitForExpression'),
    expression: z.string().min(1).max(20_000),
  }),
] as const;

const loginStepSchema = z.discriminatedUnion('type', STEPS, {
  error: ({ input }) => {
    const type = (input as { type?: unknown } | null)?.type;
    return typeof type === 'string'
      ? `is a step of type ${JSON.stringify(type.slice(0, 40))}, which cannot be replayed; record the login without it`
      : 'is not a step of a recording: it has no type';
  },
});
/** One step of a recorded login. */
export type LoginStep = z.infer<typeof loginStepSchema>;

/** A recorded login. `timeout` is the wait in milliseconds for each step that does not name its own. */
export const loginRecordingSchema = z.object({
  title: z.string().max(1_000).default(''),
  timeout: stepTimeoutSchema.default(5_000),
  steps: z.array(loginStepSchema).min(1).max(STEPS_MAX),
});
export type LoginRecording = z.infer<typeof loginRecordingSchema>;
