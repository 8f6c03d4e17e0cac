package xmldom_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sild/internal/xmldom"
)

var (
	seed    = flag.Uint64("seed", 1, "where the mutations begin")
	mutants = flag.Int("mutants", 3000, "how many mutated documents are compared with xmllint")
)

// complaint is a line in which xmllint refuses a document. A namespace that is no URI is not refused here: no clause
// makes it an error, and SAML of old systems has such names.
var complaint = regexp.MustCompile(`(?m)^(\S+\.xml):\d+: (?:parser|namespace) error : (.*)$`)

var notAURI = regexp.MustCompile(`^xmlns(:\S+)?: '`)

// xmllint runs the tool over a batch of files; the test fails when the tool is missing.
func xmllint(t *testing.T, files []string, options ...string) (stdout, stderr []byte) {
	t.Helper()
	var out, complaints bytes.Buffer
	command := exec.Command("xmllint", append(append(options, "--nonet"), files...)...)
	command.Stdout, command.Stderr = &out, &complaints
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatalf("xmllint (Debian package libxml2-utils) is needed: %v", err)
	}
	return out.Bytes(), complaints.Bytes()
}

// complaints is what xmllint says first against each file that it refuses.
func complaints(t *testing.T, files []string) map[string]string {
	refused := map[string]string{}
	for batch := range slices.Chunk(files, 500) {
		_, stderr := xmllint(t, batch, "--noout")
		for _, line := range complaint.FindAllSubmatch(stderr, -1) {
			file, why := string(line[1]), string(line[2])
			if refused[file] == "" && !notAURI.MatchString(why) {
				refused[file] = why
			}
		}
	}
	return refused
}

// agree reads every file with both readers and compares verdicts and canonical forms. Where only we refuse, the check
// must be one of stricter.
func agree(t *testing.T, files []string, stricter ...string) {
	t.Helper()
	refusedThere, refusedHere := complaints(t, files), map[string]int{}
	var both []string
	var want [][]byte
	incomparable, neither := 0, 0
	for _, file := range files {
		d, err := xmldom.Parse(read(t, file), xmldom.Limits{})
		why, there := refusedThere[file]
		var refused *xmldom.Error
		switch {
		case errors.As(err, &refused) && there:
			neither++
		case err == nil && there:
			t.Errorf("%s: accepted here; xmllint: %s\n%s", file, why, kept(t, file))
		case err != nil:
			refusedHere[refused.Check]++
			// To xmllint a zero byte after the root is the end of the document.
			zero := refused.Check == "xml.char" && bytes.IndexByte(read(t, file), 0) > 0
			if !zero && !slices.Contains(stricter, refused.Check) {
				t.Errorf("%s: accepted by xmllint; here: %v (%s)\n%s", file, err, refused.Check, kept(t, file))
			}
		case absolute(d):
			both, want = append(both, file), append(want, canonical(d))
		default:
			incomparable++
		}
	}
	t.Logf("%d files: %d the same, %d refused by both, only here %v, %d with namespaces that have no canonical form",
		len(files), len(both), neither, refusedHere, incomparable)
	compareCanonical(t, both, want)
}

func compareCanonical(t *testing.T, files []string, want [][]byte) {
	t.Helper()
	for len(files) > 0 {
		n := min(500, len(files))
		stdout, stderr := xmllint(t, files[:n], "--c14n")
		for i, file := range files[:n] {
			if !bytes.HasPrefix(stdout, want[i]) {
				at := 0
				for at < len(stdout) && at < len(want[i]) && stdout[at] == want[i][at] {
					at++
				}
				from := max(0, at-60)
				t.Fatalf("%s: the trees differ at byte %d: here %q, xmllint %q\n%s%s", file, at, want[i][from:min(at+60, len(want[i]))],
					stdout[from:min(at+60, len(stdout))], stderr, kept(t, file))
			}
			stdout = stdout[len(want[i]):]
		}
		if len(stdout) > 0 {
			t.Fatalf("xmllint wrote %d bytes more", len(stdout))
		}
		files, want = files[n:], want[n:]
	}
}

// kept moves a file that made trouble to where it outlives the test.
func kept(t *testing.T, file string) string {
	to, err := os.CreateTemp("", "xmldom-*.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if _, err := to.Write(read(t, file)); err != nil {
		t.Fatal(err)
	}
	return "kept as " + to.Name()
}

func TestSamplesAgreeWithXmllint(t *testing.T) { agree(t, samples(t)) }

func TestMadeUpDocumentsAgreeWithXmllint(t *testing.T) { agree(t, madeUp(t)) }

// Every row of the tables of refusals, as xmllint sees it.
func TestRefusalsAgreeWithXmllint(t *testing.T) {
	var files []string
	folder := t.TempDir()
	for i, c := range refusals {
		if c.limits == (xmldom.Limits{}) {
			files = append(files, filepath.Join(folder, fmt.Sprintf("%d.xml", i)))
			if err := os.WriteFile(files[len(files)-1], []byte(c.doc), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	agree(t, files, stricter...)
}

// stricter are the checks of ours that xmllint does not make, or makes as a warning: it reads document types and other
// encodings, XML 1.1, deeper and larger documents, a byte order mark as a character.
var stricter = []string{"xml.dtd", "xml.encoding", "xml.declaration", "xml.bom", "xml.size", "xml.depth", "xml.attributes", "xml.elements", "xml.bindings"}

func TestMutatedDocumentsAgreeWithXmllint(t *testing.T) {
	t.Logf("-seed %d -mutants %d", *seed, *mutants)
	sources := madeUp(t)
	if os.Getenv("SILD_SAMPLES") != "" {
		for _, file := range samples(t) {
			if !strings.HasSuffix(file, twoRoots) {
				sources = append(sources, file)
			}
		}
	}
	random, folder := rand.New(rand.NewPCG(*seed, 0)), t.TempDir()
	var files []string
	for i := range *mutants {
		src := read(t, sources[i%len(sources)])
		if len(src) > 40_000 {
			src = read(t, sources[random.IntN(4)])
		}
		for range 1 + random.IntN(2) {
			src = mutate(random, src)
		}
		files = append(files, filepath.Join(folder, fmt.Sprintf("%d.xml", i)))
		if err := os.WriteFile(files[i], src, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	agree(t, files, stricter...)
}

// pieces are what a mutation puts in: markup that means something, or nearly.
var pieces = strings.Split("<|>|&|;|\"|'|=|/|:| |\t|\r|\n|\r\n|]]>|<![CDATA[|<![CDATA[x]]>|<!--|-->|<!-- x -->|--|<?x y?>|<?xml |?>|<?|<!DOCTYPE a>|<!|"+
	"&amp;|&lt;|&#13;|&#xA;|&#0;|&#x1F48A;|&#xFFFF;|&x;|&#|xmlns=''|xmlns=\"urn:x\"| xmlns:p=\"urn:p\"| xmlns:p=''| p:b=\"1\"| xml:lang='et'|xml:|p:|xmlns:|"+
	"<p:a xmlns:p=\"urn:p\"/>|<a/>|</a>|<a b=''/>| a='1' a='2'|\uFEFF|\u00E9|\u00B7|\U0001F48A|\uFFFF|\x00|\x80|\xC0\xAF|\xED\xA0\x80|\xF4\x90\x80\x80|-|.|1|_|]]|]", "|")

func mutate(random *rand.Rand, src []byte) []byte {
	at := random.IntN(len(src) + 1)
	end := min(len(src), at+random.IntN(12))
	switch random.IntN(7) {
	case 0: // a byte becomes another
		if at < len(src) {
			src[at] = byte(random.Uint32())
		}
		return src
	case 1: // a few bytes are lost
		return slices.Delete(src, at, end)
	case 2: // a few bytes come twice
		return slices.Insert(src, at, bytes.Clone(src[at:end])...)
	case 3: // the rest is lost, seldom
		if random.IntN(8) == 0 {
			return src[:at]
		}
	case 4, 5: // something comes in between tags
		at += bytes.IndexByte(src[at:], '>') + 1
	}
	return slices.Insert(src, at, []byte(pieces[random.IntN(len(pieces))])...)
}
