package lists

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sild/internal/lists/server"
)

// cacheFolder holds the kept answers of terminology servers within the directory.
const cacheFolder = ".server"

// serverReader asks one server.
type serverReader struct {
	*job
	client *server.Client
	ask    Server
}

func (j *job) readServer(ctx context.Context) error {
	r := &serverReader{job: j, ask: j.Server}
	if len(j.Sources) != 1 || len(r.ask.ValueSets) == 0 {
		return errors.New("a server is one address, and --value-set says what to ask for")
	}
	if len(r.ask.ConceptMaps) > 0 && (j.Country == "" || j.Field == "") {
		return errors.New("a map of a server needs --country and --field: the server does not say what it serves")
	}
	if r.ask.Page < 1 || r.ask.Page > 10_000 {
		r.ask.Page = 1000
	}
	if err := r.tidyLanguages(); err != nil {
		return err
	}
	var err error
	r.client, err = server.New(j.Sources[0], server.Options{HTTP: r.ask.HTTP, Cache: server.Cache(j.stage.Path(cacheFolder)), Pause: r.ask.Pause})
	if err != nil {
		return err
	}
	for _, canonical := range r.ask.ValueSets {
		if err := r.valueSet(ctx, canonical); err != nil {
			return err
		}
	}
	return nil
}

func (r *serverReader) tidyLanguages() error {
	if len(r.ask.Languages) == 0 {
		r.ask.Languages = []string{r.Language}
	}
	for i, tag := range r.ask.Languages {
		lang, err := language(tag)
		if err != nil {
			return err
		}
		r.ask.Languages[i] = lang
	}
	return nil
}

// valueSet expands a value set in each of the languages and, where a map is asked for, translates its codes.
func (r *serverReader) valueSet(ctx context.Context, canonical string) error {
	first, err := r.expand(ctx, canonical, r.ask.Languages[0])
	if err != nil {
		return err
	}
	named := newWordBook(first, r.ask.Languages[0])
	for _, lang := range r.ask.Languages[1:] {
		other, err := r.expand(ctx, canonical, lang)
		if err != nil {
			return err
		}
		if err := named.compare(first, other, lang); err != nil {
			return fmt.Errorf("%s: %w", canonical, err)
		}
	}
	if err := r.lookUp(ctx, first, named); err != nil {
		return err
	}
	head := fhirHead{ResourceType: "ValueSet", URL: first.URL, Version: first.Version, Name: first.Name, Date: first.Date, Copyright: first.Copyright}
	if head.URL == "" {
		head.URL, head.Version, _ = strings.Cut(canonical, "|")
	}
	l := r.newList(head, r.Sources[0])
	l.oid = first.OID
	if len(r.ask.ConceptMaps) > 0 {
		l.table = r.Country + "/" + slug(l.nameOrURL()) + ".csv"
	}
	if err := r.fill(l, head, first, named); err != nil {
		return err
	}
	for _, lang := range r.ask.Languages {
		if missing := named.missing(first, lang); missing > 0 {
			l.outcome.note("%d codes have no words in %s", missing, lang)
		}
	}
	return r.translate(ctx, first)
}

func (r *serverReader) expand(ctx context.Context, canonical, lang string) (*server.Expansion, error) {
	return r.client.Expand(ctx, canonical, lang, r.ask.Page, func(rows int) { r.Progress(canonical+" in "+lang, rows) })
}

// fill makes the list of the words that were gathered.
func (r *serverReader) fill(l *list, head fhirHead, set *server.Expansion, named wordBook) error {
	members := make([]member, 0, len(set.Concepts))
	for n, c := range set.Concepts {
		m := member{system: c.System, code: c.Code, inactive: c.Inactive, at: fmt.Sprintf("%s code %d", l.id, n+1)}
		for _, lang := range sortedKeys(named[codeKey{c.System, c.Code}]) {
			m.designations = append(m.designations, server.Designation{Language: lang, Value: named[codeKey{c.System, c.Code}][lang]})
		}
		members = append(members, m)
	}
	return r.addMembers(l, head, members)
}

// lookUp asks for each code that has no words in one of the languages.
func (r *serverReader) lookUp(ctx context.Context, set *server.Expansion, named wordBook) error {
	if !r.ask.LookUp {
		return nil
	}
	asked := 0
	for _, c := range set.Concepts {
		for _, lang := range r.ask.Languages {
			if named[codeKey{c.System, c.Code}][lang] != "" {
				continue
			}
			found, err := r.client.LookUp(ctx, c.System, c.Code, lang)
			if err != nil {
				return err
			}
			named.take(*found, "")
			if lang == r.ask.Languages[0] || found.Display != c.Display {
				named.put(codeKey{c.System, c.Code}, lang, found.Display)
			}
			if asked++; asked%100 == 0 {
				r.Progress(set.URL+" looked up", asked)
			}
		}
	}
	return nil
}

// translate asks the maps for each code of the value set.
func (r *serverReader) translate(ctx context.Context, set *server.Expansion) error {
	for _, canonical := range r.ask.ConceptMaps {
		url, release, _ := strings.Cut(canonical, "|")
		m := &conceptMap{id: canonical, from: r.Sources[0], fields: []string{r.Field}, release: release, since: min(r.Since, r.today),
			outcome: r.report(canonical)}
		if m.release == "" && r.Release == "" {
			return fmt.Errorf("%s: say its version behind a bar, or --release", url)
		}
		for n, c := range set.Concepts {
			if c.Inactive {
				m.outcome.Rows++
				m.outcome.skip("a retired code")
				continue
			}
			matches, err := r.client.Translate(ctx, canonical, c.System, c.Code)
			if err != nil {
				return err
			}
			if err := r.pairs(m, c, matches); err != nil {
				return fmt.Errorf("%s code %q: %w", canonical, c.Code, err)
			}
			if n%100 == 99 {
				r.Progress(canonical, n+1)
			}
		}
		r.addMap(m)
	}
	return nil
}

func (r *serverReader) pairs(m *conceptMap, c server.Concept, matches []server.Match) error {
	source, err := r.stage.Systems.Short(c.System, "")
	if err != nil {
		return err
	}
	at := m.id + " code " + c.Code
	if len(matches) == 0 {
		m.add(pair{source: source, code: c.Code, relation: none, remark: "the map names no target", at: at})
		return nil
	}
	for _, match := range matches {
		t := fhirTarget{Code: match.Code, Equivalence: match.Equivalence, Comment: match.Comment}
		if match.Conditional {
			t.DependsOn = make([]struct{}, 1)
		}
		p, err := t.pair()
		if err != nil {
			return err
		}
		p.source, p.code, p.at = source, c.Code, at
		if p.relation == none {
			p.targetCode = ""
		} else if p.target, err = r.stage.Systems.Short(match.System, ""); err != nil {
			return err
		}
		m.add(p)
	}
	return nil
}

// wordBook holds the words of codes by language. The systems in its keys are as the server names them.
type wordBook map[codeKey]map[string]string

// newWordBook takes the displays as words of the language that was asked for first.
func newWordBook(first *server.Expansion, lang string) wordBook {
	book := wordBook{}
	for _, c := range first.Concepts {
		book.take(c, lang)
	}
	return book
}

// take keeps the designations of a code, and its display where its language is known.
func (b wordBook) take(c server.Concept, display string) {
	key := codeKey{c.System, c.Code}
	if display != "" {
		b.put(key, display, c.Display)
	}
	for _, wanted := range []bool{true, false} {
		for _, d := range c.Designations {
			lang, err := language(d.Language)
			if err == nil && slices.Contains(preferred, d.Use.Code) == wanted {
				b.put(key, lang, d.Value)
			}
		}
	}
}

func (b wordBook) put(key codeKey, lang, word string) {
	if b[key] == nil {
		b[key] = map[string]string{}
	}
	if b[key][lang] == "" && word != "" {
		b[key][lang] = word
	}
}

// compare takes the displays of another language. Where a server has no words in it, it answers with those of the first; a
// display that is the same in both is not taken for a translation.
func (b wordBook) compare(first, other *server.Expansion, lang string) error {
	if len(first.Concepts) != len(other.Concepts) || first.Version != other.Version {
		return fmt.Errorf("the value set changed between two languages: try again")
	}
	displays := map[codeKey]string{}
	for _, c := range first.Concepts {
		displays[codeKey{c.System, c.Code}] = c.Display
	}
	for _, c := range other.Concepts {
		before, there := displays[codeKey{c.System, c.Code}]
		if !there {
			return fmt.Errorf("the value set changed between two languages: try again")
		}
		b.take(c, map[bool]string{true: "", false: lang}[before == c.Display])
	}
	return nil
}

func (b wordBook) missing(set *server.Expansion, lang string) int {
	missing := 0
	for _, c := range set.Concepts {
		if b[codeKey{c.System, c.Code}][lang] == "" {
			missing++
		}
	}
	return missing
}
