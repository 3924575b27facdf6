-- By which an import finds the deals that are here already, whatever their number.
CREATE INDEX deal_by_crm ON deal (guild_id, state ->> '$.crm') WHERE state ->> '$.crm' IS NOT NULL;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('deal', 'deal_by_crm', '500000 500 1');
