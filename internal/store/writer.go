package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"sild/node"
)

// mostJobs bounds one transaction, so that the first caller of a flood is not kept waiting by the last.
const mostJobs = 1024

// job is one caller's closure and the place where its answer is expected.
type job struct {
	do   func(*tx) error
	done chan error // of length 1: the writer never waits for a caller
	err  error
}

// writer is the one goroutine that writes. It owns the only writing connection and everything prepared on it.
type writer struct {
	db   *sqlx.DB
	path string
	file os.FileInfo // the database as it was opened
	jobs chan *job   // without buffer: a caller who gives up while waiting was never taken
	quit chan struct{}
	done chan struct{}
	once sync.Once

	conn       *sqlx.Conn
	statements map[string]*sqlx.Stmt

	writes, commits, events, failures atomic.Uint64
	trouble                           atomic.Pointer[error] // why the last transaction failed; nil when it did not

	// interrupt, where it is set, is asked before every statement with its text. Fault stepping uses it.
	interrupt func(statement string) error
}

func newWriter(db *sqlx.DB, path string) (*writer, error) {
	file, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	return &writer{db: db, path: path, file: file, jobs: make(chan *job), quit: make(chan struct{}),
		done: make(chan struct{}), statements: map[string]*sqlx.Stmt{}}, nil
}

// submit hands a closure to the writer and returns after the commit that holds its work, or with the reason why there
// is none. A closure sees no cancellation; a caller who gives up before its turn leaves no trace.
func (w *writer) submit(ctx context.Context, do func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{do: do, done: make(chan error, 1)}
	select {
	case w.jobs <- j:
		return <-j.done
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return errClosed
	}
}

// run serves until close.
func (w *writer) run() {
	defer close(w.done)
	for {
		select {
		case first := <-w.jobs:
			w.batch(first)
		case <-w.quit:
			w.hangUp()
			return
		}
	}
}

// close ends the writer after the transaction under way.
func (w *writer) close() {
	w.once.Do(func() { close(w.quit) })
	<-w.done
}

// batch runs one transaction and answers everybody in it.
func (w *writer) batch(first *job) {
	jobs := make([]*job, 1, 32)
	jobs[0] = first
	jobs, events, err := w.transact(jobs)
	w.account(jobs, events, err)
	for _, j := range jobs {
		if err != nil {
			j.err = err
		}
		j.done <- j.err
	}
}

// transact takes in whoever is there until nobody is, and commits. With an error nothing was committed.
func (w *writer) transact(jobs []*job) ([]*job, int, error) {
	if earlier := w.trouble.Load(); earlier != nil && errors.Is(*earlier, errSync) {
		return jobs, 0, *earlier
	}
	t, err := w.begin()
	if err != nil {
		return jobs, 0, w.abandon(err)
	}
	for at := 0; at < len(jobs); at++ {
		if err := t.run(jobs[at]); err != nil {
			return jobs, 0, w.abandon(err)
		}
		if at+1 < len(jobs) {
			continue
		}
		if jobs = w.gather(jobs); at > 0 && at+1 == len(jobs) {
			runtime.Gosched() // those who are ready to run may be about to write; alone, nobody is
			jobs = w.gather(jobs)
		}
	}
	if t.kept == 0 {
		_, err := t.exec(rollback)
		return jobs, 0, w.abandonIf(err)
	}
	if err := t.commit(); err != nil {
		return jobs, 0, w.abandon(err)
	}
	return jobs, len(t.leaves), nil
}

// gather adds the callers who are waiting right now; it never waits itself.
func (w *writer) gather(jobs []*job) []*job {
	for len(jobs) < mostJobs {
		select {
		case j := <-w.jobs:
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

// begin takes the write lock and reads how long the log is: another process may have written since.
func (w *writer) begin() (*tx, error) {
	if err := w.present(); err != nil {
		return nil, err // a new connection would join the write-ahead log to whatever stands in the file's place
	}
	if w.conn == nil {
		conn, err := w.db.Connx(context.Background())
		if err != nil {
			return nil, err
		}
		w.conn = conn
	}
	t := &tx{w: w}
	if _, err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	_, err := t.row(selectSize, nil, &t.size)
	return t, err
}

// present says that the file that is written is still the one that the next start will find.
func (w *writer) present() error {
	now, err := os.Stat(w.path)
	if err != nil || !os.SameFile(now, w.file) {
		return errLost
	}
	return nil
}

func (w *writer) abandonIf(err error) error {
	if err == nil {
		return nil
	}
	return w.abandon(err)
}

// abandon rolls back. Where it is not certain that SQLite is well, the connection goes too, which undoes whatever was
// half done. After a failed fsync nobody can tell what the disk holds, so nothing is written until the node is started
// again.
func (w *writer) abandon(cause error) error {
	if w.conn != nil {
		w.conn.ExecContext(context.Background(), rollback) // fails when SQLite rolled back already
	}
	if code := codeOf(cause); code != sqlite3.ErrFull && code != sqlite3.ErrBusy {
		w.hangUp()
	}
	if unsynced(cause) {
		return fmt.Errorf("%w: %w", errSync, cause)
	}
	return cause
}

// hangUp closes the connection for good, not back into the pool.
func (w *writer) hangUp() {
	for text, statement := range w.statements {
		statement.Close()
		delete(w.statements, text)
	}
	if w.conn != nil {
		w.conn.Raw(func(any) error { return driver.ErrBadConn })
		w.conn.Close()
		w.conn = nil
	}
}

// account counts what became durable and remembers why the last transaction failed.
func (w *writer) account(jobs []*job, events int, err error) {
	if err != nil {
		w.failures.Add(1)
		w.trouble.Store(&err)
		return
	}
	written := uint64(0)
	for _, j := range jobs {
		if j.err == nil {
			written++
		}
	}
	if written == 0 {
		return
	}
	w.trouble.Store(nil)
	w.writes.Add(written)
	w.events.Add(uint64(events))
	w.commits.Add(1)
}

// semantic says that a closure refused its work for a reason of its own: nothing is wrong with the database.
func semantic(err error) bool {
	var known *node.Error
	return errors.As(err, &known)
}
