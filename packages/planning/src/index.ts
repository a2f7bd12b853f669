export { decideRuns, type RunDecision } from './decide-runs.ts';
export { nextRun, upcomingRuns, type PlannedRun, type PlannedSchedule } from './next-run.ts';
export { plannedSchedule } from './planned-schedule.ts';
