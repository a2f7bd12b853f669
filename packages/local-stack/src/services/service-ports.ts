import { AppError } from '@cookie-scanner/errors';
import { describePortHolder, freePort, isPortFree } from '../machine/ports.ts';
import { SERVICES, type ServiceDefinition } from './service-catalog.ts';

/** How ports are chosen: `free` takes any, `documented` those that the documentation names. */
export type PortPolicy = 'free' | 'documented';

/** Where every service of the stack listens. */
export const SERVICE_HOST = '127.0.0.1';

/**
 * The port for one service.
 *
 * @throws AppError PORT_TAKEN naming the port, who holds it and the setting that changes it
 */
export async function portFor(
  service: ServiceDefinition,
  policy: PortPolicy,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  if (policy === 'free') return freePort();
  const { name, stackPortSetting, documentedPort } = service;
  const port = readPort(stackPortSetting, environment) ?? documentedPort;
  if (await isPortFree(port, SERVICE_HOST)) return port;
  const message = `Port ${port} for the ${name} is taken by ${describePortHolder(port)}; stop that, or set ${stackPortSetting} to another port.`;
  throw new AppError('PORT_TAKEN', message, { port });
}

/** Checks every documented port before anything is started, so that a taken one costs no time. */
export async function checkPorts(policy: PortPolicy, environment: NodeJS.ProcessEnv): Promise<void> {
  if (policy === 'free') return;
  for (const service of SERVICES) await portFor(service, policy, environment);
}

function readPort(setting: string, environment: NodeJS.ProcessEnv): number | null {
  const text = environment[setting] ?? '';
  if (text === '') return null;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new AppError('CONFIG_INVALID', `${setting} must be a port from 1 to 65535.`);
}
