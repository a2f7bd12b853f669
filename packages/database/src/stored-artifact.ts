/** A file in the artifact store, as rows refer to it. */
export interface StoredArtifact {
  key: string;
  /** Hexadecimal. */
  sha256: string;
  sizeBytes: number;
}

/** The artifact of a row's three columns, which are null together; null then. */
export function artifactFromColumns(
  key: string | null,
  sha256: string | null,
  sizeBytes: bigint | null,
): StoredArtifact | null {
  if (key === null || sha256 === null || sizeBytes === null) return null;
  return { key, sha256, sizeBytes: Number(sizeBytes) };
}
