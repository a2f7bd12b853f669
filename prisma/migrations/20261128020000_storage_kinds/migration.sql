-- Shared Storage, storage buckets, and files of the origin's private file system.

ALTER TYPE storage_kind ADD VALUE 'shared';
ALTER TYPE storage_kind ADD VALUE 'bucket';
ALTER TYPE storage_kind ADD VALUE 'opfs';
