/** One service of the platform, as the stack starts it. */
export interface ServiceDefinition {
  readonly name: 'gateway' | 'worker' | 'scheduler' | 'report' | 'notifier';
  /** Setting of the service that takes its port. */
  readonly portSetting: 'GATEWAY_PORT' | 'HEALTH_PORT';
  /** Port where it is documented to be; `npm start` uses it. */
  readonly documentedPort: number;
  /** Setting of the stack that moves that port. */
  readonly stackPortSetting: string;
}

/** Every service, in the order in which they are stopped: first the door, then those who work, last those who tell. */
export const SERVICES: readonly ServiceDefinition[] = [
  { name: 'gateway', portSetting: 'GATEWAY_PORT', documentedPort: 8001, stackPortSetting: 'GATEWAY_PORT' },
  { name: 'worker', portSetting: 'HEALTH_PORT', documentedPort: 8002, stackPortSetting: 'WORKER_PORT' },
  { name: 'scheduler', portSetting: 'HEALTH_PORT', documentedPort: 8003, stackPortSetting: 'SCHEDULER_PORT' },
  { name: 'report', portSetting: 'HEALTH_PORT', documentedPort: 8004, stackPortSetting: 'REPORT_PORT' },
  { name: 'notifier', portSetting: 'HEALTH_PORT', documentedPort: 8005, stackPortSetting: 'NOTIFIER_PORT' },
];
