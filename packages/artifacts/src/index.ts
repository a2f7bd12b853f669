export { openArtifactStore, type ArtifactStore, type StoredArtifact } from './artifact-store.ts';
