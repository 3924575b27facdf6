-- Work on a whole workspace that is done in parts, so that no write is held up by it: how far it has come. The commit
-- that makes it necessary writes its beginning, and each part its next position; so a crash loses nothing of it.

-- After which deal the checking of all deals and reviews goes on, 0 at its beginning; NULL when nothing is left of it.
ALTER TABLE workspace ADD COLUMN recheck_from INTEGER;
CREATE INDEX workspace_by_recheck ON workspace (guild_id) WHERE recheck_from IS NOT NULL;

-- An account or partner whose deals are still to be found by its new name.
CREATE TABLE reindex (
    guild_id   INTEGER NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('account', 'partner')),
    subject_id INTEGER NOT NULL,
    -- After which deal it goes on, 0 at its beginning.
    from_deal  INTEGER NOT NULL,
    PRIMARY KEY (guild_id, kind, subject_id)
) STRICT, WITHOUT ROWID;

-- Terms that changed: whose deals pay something else by them is still to be told. Changed once more in between, the first
-- terms stay the ones that people knew.
CREATE TABLE comp_change (
    guild_id  INTEGER NOT NULL PRIMARY KEY,
    -- The terms that people knew: the domain's Comp.
    before    TEXT    NOT NULL CHECK (json_valid(before)),
    -- After which deal it goes on, 0 at its beginning.
    from_deal INTEGER NOT NULL
) STRICT;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('reindex',   'reindex',              '10 1 1 1'),
    ('workspace', 'workspace_by_recheck', '10 1');
