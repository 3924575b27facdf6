-- One workspace is one Discord server. Every key leads with guild_id, so that no query crosses from one to another.
-- `state` holds a subject as one JSON object, as its events fold to; what is searched by stands beside it as a
-- generated column, so that the two can't differ. Instants are Unix milliseconds, days are YYYY-MM-DD.

CREATE TABLE workspace (
    guild_id INTEGER NOT NULL PRIMARY KEY,
    state    TEXT    NOT NULL CHECK (json_valid(state)),
    -- Next instant at which a digest or the daily look at owners may be due here.
    next_digest_at INTEGER,
    -- The local day on which owners were last looked up and medians frozen.
    seen_on        TEXT,
    -- Set when Discord says that the bot was removed; nothing is sent then, and nothing is deleted.
    removed_at     INTEGER
) STRICT;
CREATE INDEX workspace_by_digest ON workspace (next_digest_at) WHERE next_digest_at IS NOT NULL;

CREATE TABLE member (
    guild_id  INTEGER NOT NULL,
    -- Counts from 1 in its workspace; 0 is the bot.
    member_id INTEGER NOT NULL,
    user_id   INTEGER NOT NULL,
    state     TEXT    NOT NULL CHECK (json_valid(state)),
    PRIMARY KEY (guild_id, member_id),
    UNIQUE (guild_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    guild_id   INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    -- The folded name; NULL once merged away, so that the name is free again.
    name_key   TEXT,
    state      TEXT NOT NULL CHECK (json_valid(state)),
    PRIMARY KEY (guild_id, account_id),
    UNIQUE (guild_id, name_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE partner (
    guild_id   INTEGER NOT NULL,
    partner_id INTEGER NOT NULL,
    -- The folded name; NULL once archived, so that the name is free again.
    name_key   TEXT,
    state      TEXT NOT NULL CHECK (json_valid(state)),
    PRIMARY KEY (guild_id, partner_id),
    UNIQUE (guild_id, name_key)
) STRICT, WITHOUT ROWID;

-- Its columns are stored and stand before the state, so that ranking and filtering many deals reads no JSON.
CREATE TABLE deal (
    guild_id   INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    account_id INTEGER NOT NULL GENERATED ALWAYS AS (state ->> '$.account') STORED,
    partner_id INTEGER NOT NULL GENERATED ALWAYS AS (state ->> '$.partner') STORED,
    owner      INTEGER NOT NULL GENERATED ALWAYS AS (state ->> '$.owner') STORED,
    backup     INTEGER          GENERATED ALWAYS AS (state ->> '$.backup') STORED,
    amount     INTEGER          GENERATED ALWAYS AS (state ->> '$.amount') STORED CHECK (amount >= 0),
    stage      TEXT    NOT NULL GENERATED ALWAYS AS (state ->> '$.stage') STORED
        CHECK (stage IN ('prospect', 'qualified', 'technical_validation', 'business_validation', 'committed', 'launched', 'closed_lost')),
    -- 1 while it runs, 0 when won or lost.
    open       INTEGER NOT NULL GENERATED ALWAYS AS (state ->> '$.stage' NOT IN ('launched', 'closed_lost')) STORED,
    -- When its last event was recorded.
    touched_at INTEGER NOT NULL,
    -- The next instant at which its stall or its ladder can change; NULL when closed.
    next_check_at INTEGER,
    state      TEXT    NOT NULL CHECK (json_valid(state)),
    PRIMARY KEY (guild_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX deal_by_owner   ON deal (guild_id, open, owner, touched_at);
CREATE INDEX deal_by_backup  ON deal (guild_id, backup, open) WHERE backup IS NOT NULL;
CREATE INDEX deal_by_account ON deal (guild_id, account_id, open);
CREATE INDEX deal_by_partner ON deal (guild_id, partner_id, open, touched_at);
CREATE INDEX deal_by_touch   ON deal (guild_id, open, touched_at);
CREATE INDEX deal_by_check   ON deal (next_check_at) WHERE next_check_at IS NOT NULL;

-- A partner's role on a deal that somebody is to confirm: what the queue of a partner's manager is read from. Follows
-- from the deals' states, and is written with them.
CREATE TABLE claim (
    guild_id   INTEGER NOT NULL,
    partner_id INTEGER NOT NULL,
    deal       INTEGER NOT NULL,
    -- Who claimed it, and so may not confirm it.
    by         INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (guild_id, partner_id, deal)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_by_deal ON claim (guild_id, deal);

-- The append-only log. `before` and `after` hold the fields that an event changed.
CREATE TABLE event (
    guild_id       INTEGER NOT NULL,
    -- The use of a command that made it, and its place among the events of that use.
    interaction_id INTEGER NOT NULL,
    sequence       INTEGER NOT NULL,
    subject_kind   TEXT    NOT NULL CHECK (subject_kind IN ('workspace', 'member', 'account', 'partner', 'deal', 'review', 'handover')),
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
CREATE INDEX event_by_time ON event (guild_id, subject_kind, at);
-- Which deals ever were won, whatever came later: what closed credit is reckoned from.
CREATE INDEX event_won ON event (guild_id, at, subject_id) WHERE subject_kind = 'deal' AND after ->> '$.stage' = 'launched';
-- A forgetting that is under way, within one commit: the one exception to the log's being append-only.
CREATE TABLE forgetting (
    guild_id  INTEGER NOT NULL,
    -- Whose texts are blanked; 0 while the whole workspace is deleted.
    member_id INTEGER NOT NULL,
    PRIMARY KEY (guild_id, member_id)
) STRICT, WITHOUT ROWID;
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

-- A stall of a deal, from its first reason until none holds; `state` is the domain's Episode.
CREATE TABLE episode (
    guild_id  INTEGER NOT NULL,
    deal      INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    state     TEXT    NOT NULL CHECK (json_valid(state)),
    -- Recorded when a reason first held.
    opened_at INTEGER NOT NULL,
    -- NULL while it runs.
    ended_at  INTEGER,
    PRIMARY KEY (guild_id, deal, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX episode_running ON episode (guild_id) WHERE ended_at IS NULL;
CREATE INDEX episode_by_end  ON episode (guild_id, ended_at) WHERE ended_at IS NOT NULL;

-- A reminder that is owed for a deal, an episode and a level; the key is what keeps it from being sent twice. Who it
-- goes to is decided when it is told: the slot says for whom, and whoever stands in that day is told.
CREATE TABLE nudge (
    guild_id INTEGER NOT NULL,
    deal     INTEGER NOT NULL,
    episode  INTEGER NOT NULL,
    level    INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
    slot     TEXT    NOT NULL CHECK (slot IN ('owner', 'backup', 'lead')),
    owed_at  INTEGER NOT NULL,
    -- When it was handed to the outbox, or found not to be needed any more; NULL while it is owed.
    done_at  INTEGER,
    -- The digest that carries it, and to whom (0 is the lead role); NULL when it was not needed any more.
    outbox_id INTEGER,
    member_id INTEGER,
    PRIMARY KEY (guild_id, deal, episode, level, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX nudge_owed   ON nudge (guild_id) WHERE done_at IS NULL;
CREATE INDEX nudge_by_row ON nudge (guild_id, outbox_id) WHERE outbox_id IS NOT NULL;

-- What a digest tells of beside stalls, once each: `about` is the domain's Notice, and the key is what keeps it from
-- being told twice.
CREATE TABLE notice (
    guild_id  INTEGER NOT NULL,
    about     TEXT    NOT NULL CHECK (json_valid(about)),
    owed_at   INTEGER NOT NULL,
    -- As those of a nudge.
    done_at   INTEGER,
    outbox_id INTEGER,
    member_id INTEGER,
    PRIMARY KEY (guild_id, about)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_owed   ON notice (guild_id) WHERE done_at IS NULL;
CREATE INDEX notice_by_row ON notice (guild_id, outbox_id) WHERE outbox_id IS NOT NULL;

-- One row for each local day on which a person was pinged by the bot's own accord; member 0 is the lead role.
CREATE TABLE ping (
    guild_id  INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    day       TEXT    NOT NULL,
    outbox_id INTEGER NOT NULL,
    PRIMARY KEY (guild_id, member_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE review (
    guild_id  INTEGER NOT NULL,
    review_id INTEGER NOT NULL,
    -- The folded name; NULL once cancelled.
    name_key  TEXT,
    state     TEXT NOT NULL CHECK (json_valid(state)),
    -- The next instant at which its agenda is to be posted; NULL once cancelled.
    next_post_at INTEGER,
    PRIMARY KEY (guild_id, review_id),
    UNIQUE (guild_id, name_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_by_post ON review (next_post_at) WHERE next_post_at IS NOT NULL;

-- One meeting of a review; the key is what keeps its agenda from being posted twice.
CREATE TABLE occurrence (
    guild_id   INTEGER NOT NULL,
    review_id  INTEGER NOT NULL,
    starts_at  INTEGER NOT NULL,
    outcome    TEXT    NOT NULL CHECK (outcome IN ('posted', 'missed', 'skipped')),
    decided_at INTEGER NOT NULL,
    -- The agenda's outbox row.
    outbox_id  INTEGER,
    -- For a missed one: the outbox row of the agenda that told of it.
    told_in    INTEGER,
    PRIMARY KEY (guild_id, review_id, starts_at)
) STRICT, WITHOUT ROWID;

-- What a leaver answers for, on its way to others. A plan holds only the recipients that a lead chose.
CREATE TABLE handover (
    guild_id    INTEGER NOT NULL,
    handover_id INTEGER NOT NULL,
    leaver      INTEGER NOT NULL GENERATED ALWAYS AS (state ->> '$.leaver') STORED,
    -- NULL while it is a plan.
    started_at  INTEGER          GENERATED ALWAYS AS (state ->> '$.started_at') STORED,
    -- How many items wait for their recipient's answer.
    waiting     INTEGER NOT NULL GENERATED ALWAYS AS (state ->> '$.waiting') STORED CHECK (waiting >= 0),
    state       TEXT    NOT NULL CHECK (json_valid(state)),
    PRIMARY KEY (guild_id, handover_id)
) STRICT, WITHOUT ROWID;

-- Everything that is said without being an answer. Rendered when first claimed, then sent as stored.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id   INTEGER NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('agenda', 'alert', 'called_off', 'digest', 'handover', 'late_answer', 'ownership', 'partner_added', 'team_line')),
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
CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('waiting', 'claimed');
-- One call is in flight a channel.
CREATE INDEX outbox_claimed ON outbox (channel_id, user_id) WHERE state = 'claimed';
CREATE INDEX outbox_by_guild ON outbox (guild_id, kind, state);
CREATE INDEX outbox_parked ON outbox (guild_id, finished_at) WHERE state = 'parked';

-- What admins are told once: a destination that is gone, an unowned deal. Cleared when it is well again.
CREATE TABLE alarm (
    guild_id  INTEGER NOT NULL,
    -- What it is about, e.g. `channel:123` or `unowned:12`.
    about     TEXT    NOT NULL,
    raised_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, about)
) STRICT, WITHOUT ROWID;

-- What is offered while a person types. The id is the rowid of its grams.
CREATE TABLE lookup (
    id         INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('deal', 'account')),
    subject_id INTEGER NOT NULL,
    -- What the grams were made from, and what is ranked.
    text       TEXT    NOT NULL,
    UNIQUE (guild_id, kind, subject_id)
) STRICT;
-- Ranks are worth nothing without full detail: where the content is not kept, FTS5 then calls every match alike.
CREATE VIRTUAL TABLE gram USING fts5 (words, content = '', contentless_delete = 1, detail = full, tokenize = 'ascii');
-- How many look-ups hold a gram.
CREATE VIRTUAL TABLE gram_use USING fts5vocab ('gram', 'row');

-- Median days that won deals spent in a stage, frozen once a day.
CREATE TABLE stage_median (
    guild_id INTEGER NOT NULL,
    stage    TEXT    NOT NULL,
    day      TEXT    NOT NULL,
    days     INTEGER NOT NULL,
    deals    INTEGER NOT NULL,
    PRIMARY KEY (guild_id, stage)
) STRICT, WITHOUT ROWID;

-- The text of a form that was refused, kept for a day behind a Retry button.
CREATE TABLE draft (
    guild_id   INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    -- The interaction that brought it.
    draft_id   INTEGER NOT NULL,
    form       TEXT    NOT NULL CHECK (json_valid(form)),
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, user_id, draft_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_by_expiry ON draft (expires_at);

-- Facts of this installation, e.g. the hash of the registered commands.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the planner takes the tables to look like: many workspaces, of which each holds a small part of the rows. Without
-- these figures it takes every index to be equally good and reads a workspace's deals one by one. Never measured anew,
-- so that no installation's plans differ from those that are tested.
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('account',      'account',                     '200000 200 1'),
    ('account',      'sqlite_autoindex_account_2',  '200000 200 1'),
    ('alarm',        'alarm',                       '2000 2 1'),
    ('claim',        'claim',                       '100000 100 10 1'),
    ('claim',        'claim_by_deal',               '100000 100 1 1'),
    ('deal',         'deal',                        '1000000 1000 1'),
    ('deal',         'deal_by_account',             '1000000 1000 5 2'),
    ('deal',         'deal_by_backup',              '300000 300 10 5'),
    ('deal',         'deal_by_check',               '100000 2'),
    ('deal',         'deal_by_owner',               '1000000 1000 500 20 1'),
    ('deal',         'deal_by_partner',             '1000000 1000 80 40 1'),
    ('deal',         'deal_by_touch',               '1000000 1000 500 1'),
    ('draft',        'draft',                       '1000 1 1 1'),
    ('draft',        'draft_by_expiry',             '1000 1'),
    ('episode',      'episode',                     '100000 100 2 1'),
    ('episode',      'episode_by_end',              '80000 80 1'),
    ('episode',      'episode_running',             '20000 20'),
    ('event',        'event',                       '5000000 5000 2 1'),
    ('event',        'event_by_time',               '5000000 5000 2500 1'),
    ('event',        'event_won',                   '200000 200 1 1'),
    ('event',        'sqlite_autoindex_event_2',    '5000000 5000 2500 5 1'),
    ('handover',     'handover',                    '2000 2 1'),
    ('lookup',       'sqlite_autoindex_lookup_1',   '1200000 1200 600 1'),
    ('member',       'member',                      '50000 50 1'),
    ('member',       'sqlite_autoindex_member_2',   '50000 50 1'),
    ('notice',       'notice',                      '200000 200 1'),
    ('notice',       'notice_by_row',               '100000 100 2'),
    ('notice',       'notice_owed',                 '10000 50'),
    ('nudge',        'nudge',                       '1000000 1000 4 3 2 1'),
    ('nudge',        'nudge_by_row',                '200000 200 10'),
    ('nudge',        'nudge_owed',                  '100000 500'),
    ('occurrence',   'occurrence',                  '50000 50 25 1'),
    ('outbox',       'outbox_by_guild',             '500000 500 100 50'),
    ('outbox',       'outbox_claimed',              '100 1 1'),
    ('outbox',       'outbox_due',                  '1000 2'),
    ('outbox',       'outbox_parked',               '1000 2 1'),
    ('partner',      'partner',                     '10000 10 1'),
    ('partner',      'sqlite_autoindex_partner_2',  '10000 10 1'),
    ('ping',         'ping',                        '500000 500 10 1'),
    ('review',       'review',                      '2000 2 1'),
    ('review',       'review_by_post',              '2000 1'),
    ('review',       'sqlite_autoindex_review_2',   '2000 2 1'),
    ('stage_median', 'stage_median',                '5000 5 1'),
    ('workspace',    'workspace_by_digest',         '1000 1');
