-- Which commands a person has used: who uses one for the first time is told a line more, once. By user, not by member, since
-- whoever only looks things up is no member yet.
CREATE TABLE first_use (
    guild_id INTEGER NOT NULL,
    user_id  INTEGER NOT NULL,
    -- The command's path, e.g. 'deal new'.
    command  TEXT    NOT NULL,
    PRIMARY KEY (guild_id, user_id, command)
) STRICT, WITHOUT ROWID;
