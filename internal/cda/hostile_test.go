package cda

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sild/internal/xmldom"
	"sild/node"
)

// hostile is a document that must not be used, made from one of the documents of testdata.
type hostile struct {
	name   string
	base   string              // the document that it is made from; empty is the Estonian prescription
	change func(string) string // what is wrong with it
	limits xmldom.Limits
	check  string // the word of the check that must refuse it
	// slot is where node.CarryOut refuses a document that can be read, with check as its reason. Such a row belongs to
	// package node: lifting a check of the reader says nothing about it.
	slot string
	// then is the check that stops it when check is lifted; empty is none.
	then string
	// solid says why nothing can be read where the check is lifted. The row is judged like any other.
	solid string
}

const (
	prescribed = "ep-ee-ramipril.xml"
	dispensed  = "ed-fi-substituted.xml"
	summarised = "ps-ee-all-sections.xml"
	pictured   = "ep-fi-level1.xml"
	combined   = "ep-fi-combination-pack.xml"
	several    = "ep-ee-three-items.xml"
	earlier    = "ep-fi-epsos.xml"
)

// marker is a word that hostile parts are written with: no refusal may repeat it.
const marker = "SALASÕNA"

// hostiles is everything that is tried.
func hostiles() []hostile {
	var all []hostile
	for _, group := range [][]hostile{falseEncodings(), falseMarkup(), falseEntities(), brokenMarkup(), falseEnvelopes(), falseBodies(),
		falseStatements(), falseSubstitutions(), falseSilence(), falseNumbers(), falseChains(), falsePages(), missingSlots(), foreignSlots()} {
		all = append(all, group...)
	}
	return all
}

// text is the hostile document.
func (h hostile) text(t testing.TB) []byte {
	t.Helper()
	base := h.base
	if base == "" {
		base = prescribed
	}
	source := readFile(t, base)
	defer func() {
		if why := recover(); why != nil {
			t.Fatalf("%s: %v", h.name, why)
		}
	}()
	changed := h.change(string(source))
	if changed == string(source) {
		t.Fatalf("%s: nothing is wrong with it", h.name)
	}
	return []byte(changed)
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", "documents", name))
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// tried reads a hostile document and carries it out of Estonia.
func (h hostile) tried(t testing.TB) *node.Error {
	t.Helper()
	reader := tongue()
	reader.Limits = h.limits
	began := time.Now()
	d, err := reader.Decode(h.text(t))
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("%s: took %v", h.name, took)
	}
	if err != nil {
		if d != nil {
			t.Errorf("%s: refused and yet given", h.name)
		}
		return node.AsError(err)
	}
	if h.slot == "" {
		return nil
	}
	return node.CarryOut(shipped(), "EE", d)
}

func TestAHostileDocumentIsRefusedByItsOwnCheckAndNothingOfItIsRepeated(t *testing.T) {
	checks := map[string]bool{}
	for _, h := range hostiles() {
		t.Run(h.name, func(t *testing.T) {
			refused := h.tried(t)
			if refused == nil {
				t.Fatal("accepted")
			}
			kind := node.Invalid
			if h.slot != "" {
				kind = node.Untranslatable
			}
			if refused.Kind != kind || refused.Reason != h.check || refused.Slot != h.slot {
				t.Errorf("%s %s at %q, not %s %s at %q: %s", refused.Kind, refused.Reason, refused.Slot, kind, h.check, h.slot, refused.Detail)
			}
			repeatsNothing(t, refused)
		})
		checks[h.check] = true
	}
	if rows := len(hostiles()); rows < 280 || len(checks) < 61 {
		t.Errorf("only %d hostile documents and %d checks", rows, len(checks))
	}
}

// repeatsNothing looks for what the documents say in what is told of their refusal.
func repeatsNothing(t *testing.T, refused *node.Error) {
	t.Helper()
	said := strings.ToLower(refused.Error() + " " + refused.Detail + " " + refused.Slot)
	for _, word := range []string{marker, "Žukova", "Ööbik", "Mäkeläinen", "Säinas", "Räsänen", "Pöyhönen", "48807160018", "36612120009",
		"EE-7001", "Ramiprõlla", "Simvast", "greibimahl", "1.3.6.1.4.1.28284"} {
		if strings.Contains(said, strings.ToLower(word)) {
			t.Errorf("the refusal repeats %q: %s", word, said)
		}
	}
	if refused.Detail == "" || !strings.HasSuffix(refused.Detail, ".") {
		t.Errorf("nobody at a counter understands %q", refused.Detail)
	}
}

func TestTheDocumentsThatHostileOnesAreMadeFromAreCarriedBothWays(t *testing.T) {
	for _, one := range madeUp(t) {
		for _, country := range []string{"EE", "FI"} {
			d := decoded(t, one.source)
			if refused := node.CarryOut(shipped(), country, d); refused != nil {
				t.Errorf("%s out of %s: %v", one.name, country, refused)
			}
		}
	}
}

// as puts the same new text in place of an old one; what is not there, or there twice, is a mistake in the row.
func as(old, now string) func(string) string {
	return func(source string) string {
		if strings.Count(source, old) != 1 {
			panic(fmt.Sprintf("the text to be changed stands there %d times: %s", strings.Count(source, old), old))
		}
		return strings.Replace(source, old, now, 1)
	}
}

// first does the same at the first of several places.
func first(old, now string) func(string) string {
	return func(source string) string {
		if !strings.Contains(source, old) {
			panic("the text to be changed does not stand there: " + old)
		}
		return strings.Replace(source, old, now, 1)
	}
}

// without takes out an element with all that is in it, by its start and the end tag.
func without(open, end string) func(string) string { return instead(open, end, "") }

// instead puts a text in place of an element.
func instead(open, end, now string) func(string) string {
	return func(source string) string {
		at := strings.Index(source, open)
		size := strings.Index(source[max(at, 0):], end)
		if at < 0 || size < 0 {
			panic("nothing begins with " + open)
		}
		return source[:at] + now + source[at+size+len(end):]
	}
}

// twice writes an element a second time behind itself.
func twice(open, end string) func(string) string {
	return func(source string) string {
		at := strings.Index(source, open)
		size := strings.Index(source[max(at, 0):], end)
		if at < 0 || size < 0 {
			panic("nothing begins with " + open)
		}
		element := source[at : at+size+len(end)]
		return source[:at+len(element)] + element + source[at+len(element):]
	}
}

// both makes one change after another.
func both(changes ...func(string) string) func(string) string {
	return func(source string) string {
		for _, change := range changes {
			source = change(source)
		}
		return source
	}
}
