export { AppError, isAppError } from './app-error.ts';
export { ERROR_RULES, type ErrorCode, type ErrorRule } from './error-rules.ts';
