package store

import (
	"context"
	"time"
)

// sweepPage bounds what one transaction erases, so that a large sweep keeps nobody waiting.
const sweepPage = 500

// Swept counts what a sweep erased.
type Swept struct {
	Events   int64 // rows with their salts; the leaves stay
	Shelf    int64
	Released int64
	Spent    int64
	Intents  int64
	Kept     int64
	Bodies   int64 // bodies of delivered dispensations
	Waiting  int64
}

// Sweep erases what has ended. SQLite overwrites what it deletes (secure_delete), and at the end the write-ahead log is
// emptied into the file, so that nothing erased stays in either. What still waits for delivery is never erased.
func (s *Store) Sweep(ctx context.Context) (Swept, error) {
	const op = "store.sweep"
	var swept Swept
	now := millis(s.now())
	for _, step := range []struct {
		count *int64
		text  string
	}{
		{&swept.Events, "UPDATE events SET sealed = NULL, patient = NULL WHERE leaf IN" +
			" (SELECT leaf FROM events WHERE ends <= ? AND sealed IS NOT NULL LIMIT ?)"},
		{&swept.Shelf, "DELETE FROM shelf WHERE key IN (SELECT key FROM shelf WHERE ends <= ? LIMIT ?)"},
		{&swept.Released, "DELETE FROM released WHERE key IN (SELECT key FROM released WHERE ends <= ? LIMIT ?)"},
		{&swept.Spent, "DELETE FROM spent WHERE key IN (SELECT key FROM spent WHERE ends <= ? LIMIT ?)"},
		{&swept.Intents, "DELETE FROM intents WHERE id IN (SELECT id FROM intents WHERE ends <= ? LIMIT ?)"},
		{&swept.Kept, "DELETE FROM kept WHERE key IN (SELECT key FROM kept WHERE ends <= ? LIMIT ?)"},
		{&swept.Bodies, "UPDATE waiting SET body = NULL WHERE id IN" +
			" (SELECT id FROM waiting WHERE body_ends <= ? AND body IS NOT NULL AND state <> 'waiting' LIMIT ?)"},
		{&swept.Waiting, "DELETE FROM waiting WHERE id IN (SELECT id FROM waiting WHERE ends <= ? AND state <> 'waiting' LIMIT ?)"},
	} {
		if err := s.erase(ctx, op, step.text, now, step.count); err != nil {
			return swept, err
		}
	}
	if swept == (Swept{}) {
		return swept, nil
	}
	return swept, s.settleFile(ctx, op)
}

// erase runs one statement page by page until nothing is left that has ended.
func (s *Store) erase(ctx context.Context, op, text string, now int64, count *int64) error {
	for {
		var erased int64
		err := s.write(ctx, op, func(t *tx) error {
			var err error
			erased, err = t.exec(text, now, sweepPage)
			return err
		})
		if err != nil {
			return err
		}
		if *count += erased; erased < sweepPage {
			return nil
		}
	}
}

// settleFile moves the write-ahead log into the database file and empties it, on a connection of its own beside the
// writer's. Readers of this moment may keep it from finishing; then it is tried again a little later.
func (s *Store) settleFile(ctx context.Context, op string) error {
	db, err := connect(s.writer.path, durable, 1)
	if err != nil {
		return trouble(op, err)
	}
	defer db.Close()
	for try := 0; ; try++ {
		var busy, frames, moved int
		if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
			return trouble(op, err)
		}
		if busy == 0 || try == 5 {
			return nil
		}
		select {
		case <-ctx.Done():
			return trouble(op, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
