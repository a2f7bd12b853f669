export { openArtifactStore, type ArtifactStore, type StoredArtifact } from './artifact-store.ts';
export { readObservation, type LostObservation } from './read-observation.ts';
