-- The use of a command that caused a message, by which the log of its delivery is found again. NULL for what the bot says
-- of its own accord. A line that several uses share keeps the first.
ALTER TABLE outbox ADD COLUMN interaction_id INTEGER;
