-- Deals that an import made are found by their names in parts too: `subject_id` is then the last of them.
CREATE TABLE reindex_new (
    guild_id   INTEGER NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('account', 'deal', 'partner')),
    subject_id INTEGER NOT NULL,
    -- After which deal it goes on, 0 at its beginning; for an import the one before its first.
    from_deal  INTEGER NOT NULL,
    PRIMARY KEY (guild_id, kind, subject_id)
) STRICT, WITHOUT ROWID;
INSERT INTO reindex_new (guild_id, kind, subject_id, from_deal)
SELECT guild_id, kind, subject_id, from_deal FROM reindex;
DROP TABLE reindex;
ALTER TABLE reindex_new RENAME TO reindex;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('reindex', 'reindex', '10 1 1 1');
