-- What storage items are for, as for cookies.
ALTER TABLE storage_items
  ADD COLUMN category cookie_category NOT NULL DEFAULT 'unclassified',
  ADD COLUMN classification jsonb,
  ADD CONSTRAINT storage_items_classification_is_small_object CHECK (
    jsonb_typeof(classification) = 'object' AND octet_length(classification::text) <= 262144
  );
