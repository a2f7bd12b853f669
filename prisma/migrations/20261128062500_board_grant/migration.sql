-- The grant to change queues on Bull Board. It is signed and never a row; the words are those of the contracts all the same.
ALTER TYPE token_kind ADD VALUE 'board_grant';
