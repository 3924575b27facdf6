-- The one scheduled event that Discord shows for a review: its id there, once it was made, and its body as Discord was
-- last told, so that what is told already isn't told again. NULL while there is none.
ALTER TABLE review ADD COLUMN scheduled_event_id INTEGER;
ALTER TABLE review ADD COLUMN scheduled_event_told TEXT
    CHECK ((scheduled_event_told IS NULL) = (scheduled_event_id IS NULL) AND (scheduled_event_told IS NULL OR json_valid(scheduled_event_told)));
