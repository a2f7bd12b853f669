import type { Client } from '@cookie-scanner/auth';
import type { Request, Response } from 'express';
import { contextOf } from './request-context.ts';

/**
 * From where a request comes. `X-Forwarded-For` counts only as far as `TRUSTED_PROXY_HOPS` says, because everybody can
 * write it.
 */
export function clientOf(request: Request, response: Response): Client {
  return {
    address: request.ip ?? null,
    userAgent: request.headers['user-agent'] ?? null,
    requestId: contextOf(response).requestId,
  };
}
