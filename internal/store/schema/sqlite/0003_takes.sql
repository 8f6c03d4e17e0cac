-- +goose Up
-- What a dispensation takes off its prescription, in packages of the prescribed size: a whole number or an exact part such
-- as 1/2; with a minus sign for what a withdrawal gives back. Empty in rows from before this column, which have packages.
ALTER TABLE waiting ADD COLUMN takes TEXT NOT NULL DEFAULT '';
