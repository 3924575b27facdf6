-- Meetings that are run from their agenda's post, and what comes of them.

-- Which subjects and messages there are is the code's to say (`SubjectKind`, `About`): tables that list them would be
-- rebuilt for each new one.
CREATE TABLE event_of_any (
    guild_id       INTEGER NOT NULL,
    -- The use of a command that made it, and its place among the events of that use.
    interaction_id INTEGER NOT NULL,
    sequence       INTEGER NOT NULL,
    subject_kind   TEXT    NOT NULL,
    subject_id     INTEGER NOT NULL,
    -- Counts the subject's events from 1.
    version        INTEGER NOT NULL,
    kind           TEXT    NOT NULL,
    actor          INTEGER NOT NULL,
    at             INTEGER NOT NULL,
    before         TEXT    NOT NULL CHECK (json_valid(before)),
    after          TEXT    NOT NULL CHECK (json_valid(after)),
    -- What a person typed along with it.
    text           TEXT,
    PRIMARY KEY (guild_id, interaction_id, sequence),
    UNIQUE (guild_id, subject_kind, subject_id, version)
) STRICT, WITHOUT ROWID;
INSERT INTO event_of_any (guild_id, interaction_id, sequence, subject_kind, subject_id, version, kind, actor, at, before, after, text)
SELECT guild_id, interaction_id, sequence, subject_kind, subject_id, version, kind, actor, at, before, after, text FROM event;
DROP TABLE event;
ALTER TABLE event_of_any RENAME TO event;
CREATE INDEX event_by_time ON event (guild_id, subject_kind, at);
-- Which deals ever were won, whatever came later: what closed credit is reckoned from.
CREATE INDEX event_won ON event (guild_id, at, subject_id) WHERE subject_kind = 'deal' AND after ->> '$.stage' = 'launched';
-- Rows go only with their whole workspace.
CREATE TRIGGER event_keeps_its_rows BEFORE DELETE ON event
WHEN NOT EXISTS (SELECT 1 FROM forgetting f WHERE f.guild_id = OLD.guild_id AND f.member_id = 0)
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
-- Only texts change, and only while a person is forgotten: who did what, and when, never does.
CREATE TRIGGER event_keeps_its_fields BEFORE UPDATE ON event
WHEN NOT EXISTS (SELECT 1 FROM forgetting f WHERE f.guild_id = OLD.guild_id AND f.member_id <> 0)
  OR (NEW.guild_id, NEW.interaction_id, NEW.sequence, NEW.subject_kind, NEW.subject_id, NEW.version, NEW.kind, NEW.actor, NEW.at)
     IS NOT (OLD.guild_id, OLD.interaction_id, OLD.sequence, OLD.subject_kind, OLD.subject_id, OLD.version, OLD.kind, OLD.actor, OLD.at)
  OR (NEW.text IS NULL) <> (OLD.text IS NULL)
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

CREATE TABLE outbox_of_any (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id   INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    -- What it is about, for rendering; e.g. {"deal":12}.
    about      TEXT    NOT NULL CHECK (json_valid(about)),
    -- The channel, or the person for a direct message; exactly one of the two.
    channel_id INTEGER,
    user_id    INTEGER,
    state      TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'claimed', 'sent', 'parked', 'dropped')),
    created_at INTEGER NOT NULL,
    -- Not before this instant; moved by retries.
    due_at     INTEGER NOT NULL,
    -- While claimed: until when the claim holds.
    leased_until INTEGER,
    attempts   INTEGER NOT NULL DEFAULT 0,
    -- When its bytes were first handed to Discord; decides whether the nonce still protects.
    first_sent_at INTEGER,
    -- The message in Discord's JSON, once rendered.
    body       TEXT CHECK (body IS NULL OR json_valid(body)),
    picture    BLOB,
    message_id INTEGER,
    finished_at INTEGER,
    -- Why it was parked or dropped.
    reason     TEXT,
    CHECK ((channel_id IS NULL) <> (user_id IS NULL))
) STRICT;
INSERT INTO outbox_of_any (id, guild_id, kind, about, channel_id, user_id, state, created_at, due_at, leased_until, attempts,
                           first_sent_at, body, picture, message_id, finished_at, reason)
SELECT id, guild_id, kind, about, channel_id, user_id, state, created_at, due_at, leased_until, attempts,
       first_sent_at, body, picture, message_id, finished_at, reason FROM outbox;
-- Ids count on from the highest that ever was, since Discord remembers them as nonces.
INSERT INTO sqlite_sequence (name, seq)
SELECT 'outbox_of_any', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'outbox_of_any');
UPDATE sqlite_sequence SET seq = COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0)
WHERE name = 'outbox_of_any';
DROP TABLE outbox;
ALTER TABLE outbox_of_any RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('waiting', 'claimed');
-- One call is in flight a channel.
CREATE INDEX outbox_claimed ON outbox (channel_id, user_id) WHERE state = 'claimed';
CREATE INDEX outbox_by_guild ON outbox (guild_id, kind, state);
CREATE INDEX outbox_parked ON outbox (guild_id, finished_at) WHERE state = 'parked';

-- An occurrence that was started: the meeting.
CREATE TABLE meeting (
    guild_id   INTEGER NOT NULL,
    meeting_id INTEGER NOT NULL,
    review_id  INTEGER NOT NULL GENERATED ALWAYS AS (state ->> '$.review') STORED,
    -- The occurrence's.
    starts_at  INTEGER NOT NULL GENERATED ALWAYS AS (state ->> '$.starts_at') STORED,
    -- When it ends by itself unless somebody closes it before; NULL once it is closed.
    ends_at    INTEGER          GENERATED ALWAYS AS (IIF(state ->> '$.closed' IS NULL, state ->> '$.ends_at', NULL)) STORED,
    -- The deal whose card stands on the post while it runs.
    deal       INTEGER          GENERATED ALWAYS AS (IIF(state ->> '$.closed' IS NULL, state ->> '$.shown.deal', NULL)) STORED,
    -- Where its minutes stand, once they are posted.
    minutes_channel INTEGER,
    minutes_message INTEGER,
    state      TEXT    NOT NULL CHECK (json_valid(state)),
    PRIMARY KEY (guild_id, meeting_id),
    UNIQUE (guild_id, review_id, starts_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_by_end ON meeting (ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX meeting_by_deal ON meeting (guild_id, deal) WHERE deal IS NOT NULL;

-- What stands on an agenda or in the minutes beside deals: a topic, a decision, an action.
CREATE TABLE item (
    guild_id   INTEGER NOT NULL,
    item_id    INTEGER NOT NULL,
    review_id  INTEGER NOT NULL GENERATED ALWAYS AS (state ->> '$.review') STORED,
    -- The meeting that it came from; for a topic, the one that went through it.
    meeting_id INTEGER          GENERATED ALWAYS AS (state ->> '$.meeting') STORED,
    -- What asks for something still: a topic that is to come, an action that is not done.
    open       INTEGER NOT NULL GENERATED ALWAYS AS (state ->> '$.open') STORED,
    -- Who has an action to do, and until when.
    assignee   INTEGER          GENERATED ALWAYS AS (state ->> '$.what.assignee') STORED,
    due        TEXT             GENERATED ALWAYS AS (state ->> '$.what.due') STORED,
    state      TEXT    NOT NULL CHECK (json_valid(state)),
    PRIMARY KEY (guild_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_open ON item (guild_id, due) WHERE open = 1;
CREATE INDEX item_by_meeting ON item (guild_id, meeting_id) WHERE meeting_id IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('meeting', 'meeting',                    '50000 50 1'),
    ('meeting', 'meeting_by_deal',            '10 1 1'),
    ('meeting', 'meeting_by_end',             '10 1'),
    ('meeting', 'sqlite_autoindex_meeting_2', '50000 50 25 1'),
    ('item',    'item',                       '200000 200 1'),
    ('item',    'item_by_meeting',            '200000 200 4'),
    ('item',    'item_open',                  '10000 20 2'),
    -- Those of the tables that were rebuilt went with them.
    ('event',   'event',                      '5000000 5000 2 1'),
    ('event',   'event_by_time',              '5000000 5000 2500 1'),
    ('event',   'event_won',                  '200000 200 1 1'),
    ('event',   'sqlite_autoindex_event_2',   '5000000 5000 2500 5 1'),
    ('outbox',  'outbox_by_guild',            '500000 500 100 50'),
    ('outbox',  'outbox_claimed',             '100 1 1'),
    ('outbox',  'outbox_due',                 '1000 2'),
    ('outbox',  'outbox_parked',              '1000 2 1');
