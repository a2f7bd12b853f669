/** The workspace that is there from the start, and that scans belong to which name none. It cannot be deleted. */
export const DEFAULT_WORKSPACE_ID = '00000000-0000-4000-8000-000000000001';
