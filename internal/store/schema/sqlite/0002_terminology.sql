-- +goose Up
-- The release of the terminology snapshot by which a prescription was carried when it was shown.
ALTER TABLE released ADD COLUMN terminology TEXT NOT NULL DEFAULT '';
