-- Times are milliseconds since 1970 UTC. A column named key, patient, lane, holder, digest or receipt is a blind index
-- (16 bytes of HMAC under the key-encryption key), never the value itself. facts, progress, outcome, body and sealed
-- are encrypted. ends is when the row, and body_ends when its body, may be erased.

-- +goose Up
CREATE TABLE node (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    kek    BLOB    NOT NULL,
    origin TEXT    NOT NULL,
    probe  INTEGER NOT NULL
) STRICT;

-- One row a leaf, from 0 without a hole. Erasing empties patient and sealed; the row and its commitment stay.
CREATE TABLE events (
    leaf       INTEGER PRIMARY KEY,
    commitment BLOB    NOT NULL,
    patient    BLOB,
    sealed     BLOB,
    ends       INTEGER NOT NULL
) STRICT;
CREATE INDEX events_patient ON events (patient, leaf) WHERE patient IS NOT NULL;
CREATE INDEX events_ends ON events (ends) WHERE sealed IS NOT NULL;

-- The Merkle tree of the events: stored hashes by the index that internal/ledger gives them.
CREATE TABLE hashes (
    place INTEGER PRIMARY KEY,
    hash  BLOB    NOT NULL
) STRICT;

CREATE TABLE checkpoints (
    id   INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    at   INTEGER NOT NULL,
    note BLOB    NOT NULL
) STRICT;
CREATE INDEX checkpoints_size ON checkpoints (size);

CREATE TABLE shelf (
    key    BLOB    PRIMARY KEY,
    sealed BLOB    NOT NULL,
    ends   INTEGER NOT NULL
) STRICT;
CREATE INDEX shelf_ends ON shelf (ends);

CREATE TABLE released (
    key  BLOB    PRIMARY KEY,
    ends INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX released_ends ON released (ends);

CREATE TABLE spent (
    key  BLOB    PRIMARY KEY,
    ends INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_ends ON spent (ends);

-- holder names the call that may settle the intent, by the blind index of its evidence; empty when nobody may.
CREATE TABLE intents (
    id      INTEGER PRIMARY KEY,
    key     BLOB    NOT NULL UNIQUE,
    digest  BLOB    NOT NULL,
    state   TEXT    NOT NULL CHECK (state IN ('open', 'recorded', 'refused')),
    holder  BLOB    NOT NULL,
    lease   INTEGER NOT NULL,
    receipt BLOB,
    facts   BLOB    NOT NULL,
    outcome BLOB,
    ends    INTEGER NOT NULL
) STRICT;
CREATE INDEX intents_receipt ON intents (receipt) WHERE receipt IS NOT NULL;
CREATE INDEX intents_ends ON intents (ends);

CREATE TABLE kept (
    key    BLOB    PRIMARY KEY,
    sealed BLOB    NOT NULL,
    ends   INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_ends ON kept (ends);

-- own is the opaque id that our pharmacy was given; reason is a machine word without personal data.
CREATE TABLE waiting (
    id        INTEGER PRIMARY KEY,
    key       BLOB    NOT NULL UNIQUE,
    own       TEXT    NOT NULL UNIQUE,
    receipt   TEXT    NOT NULL DEFAULT '', -- opaque id of country A's receipt
    lane      BLOB    NOT NULL,
    packages  INTEGER NOT NULL DEFAULT 0, -- that it takes off the prescription; negative gives back
    country   TEXT    NOT NULL,
    verb      TEXT    NOT NULL,
    state     TEXT    NOT NULL CHECK (state IN ('waiting', 'delivered', 'refused', 'uncertain', 'handed-over')),
    since     INTEGER NOT NULL,
    next      INTEGER NOT NULL,
    lease     INTEGER NOT NULL,
    tries     INTEGER NOT NULL,
    reason    TEXT    NOT NULL,
    facts     BLOB    NOT NULL,
    body      BLOB,
    progress  BLOB    NOT NULL,
    body_ends INTEGER NOT NULL,
    ends      INTEGER NOT NULL
) STRICT;
CREATE INDEX waiting_receipt ON waiting (receipt) WHERE receipt <> '';
CREATE INDEX waiting_lane ON waiting (lane, id) WHERE state IN ('waiting', 'uncertain');
CREATE INDEX waiting_taken ON waiting (lane, since);
CREATE INDEX waiting_next ON waiting (next) WHERE state = 'waiting';
CREATE INDEX waiting_open ON waiting (id) WHERE state <> 'delivered';
CREATE INDEX waiting_body_ends ON waiting (body_ends) WHERE body IS NOT NULL;
CREATE INDEX waiting_ends ON waiting (ends);

CREATE TABLE trust (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    root     INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    sealed   BLOB    NOT NULL
) STRICT;
