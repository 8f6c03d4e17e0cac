// Package demo is a country's register for demonstrations and tests: invented people, prescriptions and summaries in
// the national form of Estonia or Finland, consents and restrictions, and a journal file that survives a crash. It is
// product code, not a stub: it answers in national bytes, counts packages, refuses to hand out more than is left, and
// knows after a crash what it recorded.
//
// Start with Open. The Register it gives is the register, the service of rights and the recall of a node.Answer.
package demo

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"sild/internal/fhir"
	"sild/node"
	"sild/translation"
)

//go:embed seed
var seed embed.FS

// Config says whose register this is, what it holds and where it keeps what it records.
type Config struct {
	// Country is EE or FI.
	Country string
	// Dir holds the register's files, anywhere below its root; nil is the seed that is built in.
	Dir fs.FS
	// Journal is the path of the register's own journal file. It is created when it does not exist and read again when
	// it does. It holds personal data, so it is readable by its owner alone.
	Journal string
	// Now is the clock.
	Now func() time.Time
	// Tables name the systems of identifiers in CDA documents as FHIR does, so that a patient is one person in both.
	Tables *translation.Catalogue
}

// Register is one country's register. All its methods may be called at the same time.
type Register struct {
	country string
	nation  nation
	tables  *translation.Catalogue // names systems of identifiers alike in both forms
	now     func() time.Time
	faults  Faults
	journal *journal

	people    []person
	bearers   map[node.Identifier][]int // places in people
	ordered   []*prescription           // in the order of their files
	byPatient map[node.Identifier][]*prescription
	byID      map[node.Identifier][]*prescription // several of one id only in careless samples
	summaries map[node.Identifier][]*summary      // by patient
	rights    rights
	skipped   []string

	mu        sync.Mutex // guards what follows and the given of every prescription
	dispensed map[key]*dispensed
	byValue   map[key][]*dispensed // the same by the identifier's value alone, as a withdrawal names it
}

var (
	_ node.Exchange = (*Register)(nil)
	_ node.Rights   = (*Register)(nil)
	_ node.Recall   = (*Register)(nil)
)

// nation is what differs between the two countries.
type nation struct {
	format  node.Format
	person  string // system of the personal identifier
	seed    string
	consent bool // nothing is shown abroad without the patient's consent
}

func nationOf(country string) (nation, error) {
	switch country {
	case "EE":
		return nation{format: fhir.EstonianR5, person: "https://fhir.ee/sid/pid/est/ni", seed: "seed/ee"}, nil
	case "FI":
		return nation{format: fhir.FinnishR4, person: "urn:oid:1.2.246.21", seed: "seed/fi", consent: true}, nil
	}
	return nation{}, fmt.Errorf("country %q: the demo registers are EE and FI", country)
}

// Open reads the register's files and replays its journal. Every file that cannot be read is named in the error, with
// the place in the file and what is wrong there; so is a journal that was changed by another hand.
func Open(config Config) (*Register, error) {
	country, err := nationOf(config.Country)
	if err != nil {
		return nil, err
	}
	switch {
	case config.Now == nil:
		return nil, errors.New("the demo register needs a clock")
	case config.Journal == "":
		return nil, errors.New("the demo register needs the path of its journal file")
	case config.Tables == nil:
		return nil, errors.New("the demo register needs the terminology tables")
	}
	r := &Register{country: config.Country, nation: country, now: config.Now, tables: config.Tables,
		bearers: map[node.Identifier][]int{}, byPatient: map[node.Identifier][]*prescription{},
		byID: map[node.Identifier][]*prescription{}, summaries: map[node.Identifier][]*summary{},
		dispensed: map[key]*dispensed{}, byValue: map[key][]*dispensed{}}
	if err := r.load(config.Dir); err != nil {
		return nil, err
	}
	if err := r.replay(config.Journal); err != nil {
		return nil, err
	}
	return r, nil
}

// load reads the given files, or the built-in seed.
func (r *Register) load(files fs.FS) error {
	if files == nil {
		var err error
		if files, err = fs.Sub(seed, r.nation.seed); err != nil {
			return err
		}
	}
	l := loader{register: r, files: files, medicines: map[string][]fhir.MedicineRow{}}
	l.walk()
	l.settle()
	return errors.Join(l.faults...)
}

// Close ends the register's hold on its journal. Everything it answered is already on disk.
func (r *Register) Close() error { return r.journal.close() }

// Skipped lists what Open passed over, one sentence for each: files that are none of the register's, and the unfinished
// last line of a journal after a crash.
func (r *Register) Skipped() []string { return append([]string(nil), r.skipped...) }

// Faults gives the switches by which a demonstration or a test makes this register fail.
func (r *Register) Faults() *Faults { return &r.faults }

// ready is the first line of every verb: the register answers at all, in time, and its journal is whole.
func (r *Register) ready(ctx context.Context, op string) error {
	if err := r.faults.strike(ctx, op); err != nil {
		return err
	}
	return overdue(ctx, op)
}

// overdue says that the caller's deadline has passed, if it has.
func overdue(ctx context.Context, op string) error {
	if err := ctx.Err(); err != nil {
		return &node.Error{Op: op, Kind: node.Overdue, Reason: "deadline", Detail: "The answer took too long.", Err: err}
	}
	return nil
}

func fail(op string, kind node.Kind, reason, detail string) *node.Error {
	return &node.Error{Op: op, Kind: kind, Reason: reason, Detail: detail}
}
