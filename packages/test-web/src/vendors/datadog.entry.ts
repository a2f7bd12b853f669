export { datadogRum } from '@datadog/browser-rum';
