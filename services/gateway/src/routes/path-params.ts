import { reportFormatSchema, scanFileNameSchema } from '@cookie-scanner/contracts';
import { z } from 'zod';

/** Path of one scan. What is no UUID is answered like a scan that does not exist. */
export const scanParams = z.object({ scanId: z.uuid() });

/** Path of one schedule. What is no UUID is answered like a schedule that does not exist. */
export const scheduleParams = z.object({ scheduleId: z.uuid() });

/** Path of one report. */
export const reportParams = scanParams.extend({ format: reportFormatSchema });

/** Path of one file of a scan. */
export const fileParams = scanParams.extend({ name: scanFileNameSchema });

/** Path of one baseline. */
export const baselineParams = z.object({ baselineId: z.uuid() });

/** Path of one approval of a baseline. */
export const approvalParams = baselineParams.extend({ approvalId: z.uuid() });
