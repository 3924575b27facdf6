-- Partners that take part in a deal beside the primary one: what a partner's lists find these deals by. Follows from the
-- deals' states, and is written with them.
CREATE TABLE participant (
    guild_id   INTEGER NOT NULL,
    partner_id INTEGER NOT NULL,
    deal       INTEGER NOT NULL,
    PRIMARY KEY (guild_id, partner_id, deal)
) STRICT, WITHOUT ROWID;
CREATE INDEX participant_by_deal ON participant (guild_id, deal);

INSERT INTO participant (guild_id, partner_id, deal)
SELECT DISTINCT d.guild_id, p.value ->> '$.partner', d.number
FROM deal d, json_each(d.state, '$.participants') p
WHERE p.value ->> '$.partner' <> d.partner_id;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('participant', 'participant',         '200000 200 20 1'),
    ('participant', 'participant_by_deal', '200000 200 1 1');
