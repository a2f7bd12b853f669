export { newTracker, trackPageView } from '@snowplow/browser-tracker';
