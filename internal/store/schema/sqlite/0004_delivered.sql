-- +goose Up
-- When country A answered that it has recorded the row, in milliseconds; 0 while it has not. What was delivered before a
-- prescription was fetched is in what A told. Of rows from before this column only the latest moment is known: now.
ALTER TABLE waiting ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0;
UPDATE waiting SET delivered = (CAST(strftime('%s', 'now') AS INTEGER) + 1) * 1000 WHERE state = 'delivered';
-- For a withdrawal: own of the dispensation taken back. Empty in rows from before this column, which give nothing back.
ALTER TABLE waiting ADD COLUMN target TEXT NOT NULL DEFAULT '';
