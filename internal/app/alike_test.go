package app

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sild/node"
)

// Who must not be told apart from another by anybody abroad. The first three are the classes that DESIGN 8 names.
const (
	restrictedOne = "restricted"
	unknownOne    = "unknown"
	ambiguousOne  = "ambiguous"
)

// lookalikes are the patients of a siege's country of whom nothing is to be found, each for another reason.
func (s *siege) lookalikes() map[string]node.Identifier {
	of := func(value string) node.Identifier {
		return node.Identifier{System: s.truth().patient.System, Value: value}
	}
	all := map[string]node.Identifier{restrictedOne: s.truth().restricted, unknownOne: s.truth().unknown, ambiguousOne: of(s.caseOf("A1a"))}
	if s.country == "EE" {
		all["opted out"] = of(s.caseOf("N1"))
	}
	return all
}

// hiddenPrescription really exists, and is the restricted patient's.
func (s *siege) hiddenPrescription() node.Identifier {
	s.Helper()
	call := node.Call{Patient: s.truth().restricted}
	listing, err := s.app.Register.Prescriptions(context.Background(), call, node.Filter{})
	s.must(err)
	if len(listing.Items) == 0 {
		s.Fatal("the restricted patient has nothing to hide")
	}
	return listing.Items[0].Ref.ID
}

// question is one of the ways to ask about a patient.
type question struct {
	name string
	verb node.Verb
	ask  func(s *siege, token string, patient node.Identifier) *http.Request
}

func questions() []question {
	offers := func(kind string) func(*siege, string, node.Identifier) *http.Request {
		return func(s *siege, token string, patient node.Identifier) *http.Request {
			form := patientForm(patient) + "&type=" + url.QueryEscape("http://loinc.org|"+kind)
			return s.request("POST", "/DocumentReference/_search", formType, token, []byte(form))
		}
	}
	return []question{
		{"patient", node.FindPatientVerb, (*siege).find},
		{"patient with a birth date", node.FindPatientVerb, func(s *siege, token string, patient node.Identifier) *http.Request {
			form := "identifier=" + url.QueryEscape(searchToken(patient)) + "&birthdate=1988-07-29"
			return s.request("POST", "/Patient/_search", formType, token, []byte(form))
		}},
		{"listing", node.PrescriptionsVerb, func(s *siege, token string, patient node.Identifier) *http.Request {
			return s.search(token, patientForm(patient)+"&status=active")
		}},
		{"one prescription", node.PrescriptionVerb, func(s *siege, token string, patient node.Identifier) *http.Request {
			return s.search(token, patientForm(patient)+"&identifier="+url.QueryEscape(searchToken(s.hiddenPrescription())))
		}},
		{"summary", node.SummaryVerb, func(s *siege, token string, patient node.Identifier) *http.Request {
			return s.summary(token, strings.Replace(s.summaryBody(), s.truth().patient.Value, patient.Value, 1))
		}},
		{"offer of prescriptions", node.PrescriptionsVerb, offers("57833-6")},
		{"offer of a summary", node.SummaryVerb, offers("60591-5")},
	}
}

// written is a request as bytes, signed for the patient. Its token may be used again within its life.
func (s *siege) written(q question, patient node.Identifier) []byte {
	s.Helper()
	token := s.signed(s.peer(), s.good(s.peer(), q.verb, patient).text())
	var out bytes.Buffer
	s.must(q.ask(s, token, patient).Write(&out))
	return out.Bytes()
}

var (
	dateLine        = regexp.MustCompile(`Date: [A-Za-z0-9:, ]{29}\r\n`)
	correlationLine = regexp.MustCompile(`Sild-Correlation: ([0-9a-f]{32})\r\n`)
	signatureValue  = regexp.MustCompile(`"data":"[A-Za-z0-9+/=._-]*"`)
)

// telling is what an answer tells: its bytes in their order, without the date, the correlation id and signature values,
// but with the length of every line.
func telling(head, body string) (string, error) {
	id := correlationLine.FindStringSubmatch(head)
	if id == nil || !dateLine.MatchString(head) {
		return "", fmt.Errorf("no date or no correlation id of the usual form: %s", head)
	}
	lengths := ""
	for _, text := range strings.SplitAfter(head, "\r\n") {
		lengths += fmt.Sprintf("%d ", len(text))
	}
	whole := dateLine.ReplaceAllString(head, "Date: -\r\n") + signatureValue.ReplaceAllString(body, `"data":"-"`)
	return lengths + fmt.Sprintf("%d\n", len(body)) + strings.ReplaceAll(whole, id[1], "-"), nil
}

// toldApart asks every question about every lookalike and names the first answer that differs, or nothing.
func (s *siege) toldApart() string {
	s.Helper()
	l := s.line()
	for _, q := range questions() {
		first := ""
		for who, patient := range s.lookalikes() {
			head, body, err := l.exchange(s.written(q, patient))
			s.must(err)
			got, err := telling(head, body)
			s.must(err)
			if strings.Contains(got, patient.Value) {
				return q.name + ": the answer repeats the identifier"
			}
			if first == "" {
				first = got
			}
			if got != first {
				return fmt.Sprintf("%s: %s is answered\n%s\nand another\n%s", q.name, who, got, first)
			}
		}
	}
	return ""
}

// quietSiege runs with the system's clock, without limits, and with a least time for "nothing found" that is longer
// than the register's usual answer.
func quietSiege(t testing.TB, country string, between func(place string, x node.Exchange) node.Exchange, later ...func(*App)) *siege {
	t.Helper()
	return newSiege(t, country, func(config *Config, options *Options) {
		config.Limits, config.Times.Quiet = LimitsConfig{}, leastTime
		options.Now, options.Between = time.Now, between
	}, later...)
}

// leastTime is longer than the node and its register usually need.
const leastTime = 6 * time.Millisecond

// registerTakes is the register's time for each of its two questions, one of which nobody asks about the restricted.
const registerTakes = 500 * time.Microsecond

func TestRestrictedUnknownAndAmbiguousAreAnsweredWithTheSameBytes(t *testing.T) {
	for _, country := range []string{"EE", "FI"} {
		t.Run(country, func(t *testing.T) {
			s := quietSiege(t, country, nil)
			if difference := s.toldApart(); difference != "" {
				t.Error(difference)
			}
			s.sameEvents()
		})
	}
}

// sameEvents demands that the journal holds, for every lookalike, the same events but for the reason.
func (s *siege) sameEvents() {
	s.Helper()
	events, err := eventsOf(s.app.Store)
	s.must(err)
	seen := map[string]string{}
	for who, patient := range s.lookalikes() {
		for _, event := range events {
			if event.Patient == patient {
				seen[who] += fmt.Sprintf("%s %s %s %d\n", event.Verb, event.Stage, event.Kind, len(event.Withheld))
			}
		}
	}
	for who, path := range seen {
		if strings.Count(path, "\n") != len(questions()) {
			s.Errorf("%s left other events than one for each question:\n%s", who, path)
		}
	}
}

// tattling changes what the node answers about one patient; it stands where foreign nodes reach the face.
type tattling struct {
	node.Exchange
	about  *node.Identifier
	listed func(*node.Listing)
	after  time.Duration
}

// Prescriptions answers as the face does, and gives itself away about one patient.
func (x tattling) Prescriptions(ctx context.Context, call node.Call, filter node.Filter) (*node.Listing, error) {
	listing, err := x.Exchange.Prescriptions(ctx, call, filter)
	if err == nil && call.Patient == *x.about {
		if x.listed != nil {
			x.listed(listing)
		}
		time.Sleep(x.after)
	}
	return listing, err
}

// tattler makes a siege whose face is tattling about the restricted patient.
func tattler(t *testing.T, x tattling) *siege {
	restricted := demoTruth("EE").restricted
	x.about = &restricted
	return quietSiege(t, "EE", func(place string, inner node.Exchange) node.Exchange {
		if place != "answer" {
			return inner
		}
		x.Exchange = inner
		return x
	})
}

func TestAPlantedDifferenceInTheBytesIsFound(t *testing.T) {
	restricted := demoTruth("EE").restricted.Value
	headed := func(name, value string) func(*App) {
		return func(a *App) {
			a.doors[0].server.Handler = headerFor{a.doors[0].server.Handler, restricted, name, value}
		}
	}
	for name, plant := range map[string]func(*testing.T) *siege{
		"a space in the body": func(t *testing.T) *siege {
			return tattler(t, tattling{listed: func(l *node.Listing) {
				if l.Out != nil {
					l.Out.Parts[0].Body = append(l.Out.Parts[0].Body, ' ')
				}
			}})
		},
		"a word of the same length in the body": func(t *testing.T) *siege {
			return tattler(t, tattling{listed: func(l *node.Listing) {
				if l.Out != nil {
					l.Out.Parts[0].Body = bytes.Replace(l.Out.Parts[0].Body, []byte(`"total":0`), []byte(`"total":1`), 1)
				}
			}})
		},
		"an item that is withheld": func(t *testing.T) *siege {
			return tattler(t, tattling{listed: func(l *node.Listing) {
				l.Withheld = append(l.Withheld, node.Withheld{Slot: "document", Detail: "There is one."})
			}})
		},
		"one header more": func(t *testing.T) *siege { return quietSiege(t, "EE", nil, headed("X-Cache", "hit")) },
		"a longer header": func(t *testing.T) *siege {
			return quietSiege(t, "EE", nil, headed("X-Content-Type-Options", "nosniff, nosniff"))
		},
		"another value as long": func(t *testing.T) *siege { return quietSiege(t, "EE", nil, headed("Cache-Control", "no-cache")) },
	} {
		t.Run(name, func(t *testing.T) {
			if plant(t).toldApart() == "" {
				t.Error("nobody noticed")
			}
		})
	}
}

// headerFor changes a header of the answers to requests whose body names a patient.
type headerFor struct {
	http.Handler
	patient, name, value string
}

// ServeHTTP lets the door answer and marks the answer.
func (h headerFor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if bytes.Contains(body, []byte(h.patient)) {
		w = marking{w, h.name, h.value}
	}
	h.Handler.ServeHTTP(w, r)
}

type marking struct {
	http.ResponseWriter
	name, value string
}

// WriteHeader writes the head with the mark in it.
func (m marking) WriteHeader(status int) {
	m.Header().Set(m.name, m.value)
	m.ResponseWriter.WriteHeader(status)
}

// Unwrap gives the writer below.
func (m marking) Unwrap() http.ResponseWriter { return m.ResponseWriter }

// alpha is the chance at which one test takes a pair of groups that are alike for different. A pair counts as told
// apart only if it is so in two series in a row by the same test, so three pairs under two tests raise a false alarm
// about six times in a million runs.
const alpha = 0.001

// series are the seconds that answers took, by who was asked about.
type series map[string][]float64

// measure asks a question n times about each of the three, in random order and one after the other: an idle node is the
// sharpest instrument that a foreign professional can have.
func (s *siege) measure(q question, n int) series {
	s.Helper()
	l, requests, took, order := s.line(), map[string][]byte{}, series{}, []string{}
	for _, who := range []string{restrictedOne, unknownOne, ambiguousOne} {
		requests[who] = s.written(q, s.lookalikes()[who])
		for range n {
			order = append(order, who)
		}
	}
	rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, who := range order {
		began := time.Now()
		_, _, err := l.exchange(requests[who])
		s.must(err)
		took[who] = append(took[who], time.Since(began).Seconds())
	}
	return took
}

// apart gives the p-values of each of the three pairs: of a shift (Mann-Whitney), and of any difference of the two
// distributions (Kolmogorov-Smirnov), for times that differ in their spread alone.
func (t series) apart() map[string]float64 {
	p := map[string]float64{}
	for _, pair := range [][2]string{{restrictedOne, unknownOne}, {restrictedOne, ambiguousOne}, {unknownOne, ambiguousOne}} {
		a, b := t[pair[0]], t[pair[1]]
		p[pair[0]+"/"+pair[1]+" by rank"], p[pair[0]+"/"+pair[1]+" by shape"] = mannWhitney(a, b), kolmogorovSmirnov(a, b)
	}
	return p
}

// toldApartByTime names the pairs that two series in a row tell apart.
func (s *siege) toldApartByTime(q question, n int) []string {
	s.Helper()
	var suspects []string
	for round := range 2 {
		took := s.measure(q, n)
		var found []string
		for pair, p := range took.apart() {
			s.Logf("%s %s, %d calls each: p = %.4f", s.country, pair, n, p)
			if p < alpha && (round == 0 || slices.Contains(suspects, pair)) {
				found = append(found, pair)
			}
		}
		for who, seconds := range took {
			slices.Sort(seconds)
			s.Logf("%s %s: median %.3f ms, 90%% below %.3f ms", s.country, who, seconds[n/2]*1000, seconds[n*9/10]*1000)
		}
		if suspects = found; len(suspects) == 0 {
			return nil
		}
	}
	return suspects
}

// mannWhitney is the two-sided p-value of the rank-sum test for two samples, by the normal approximation with the
// correction for ties.
func mannWhitney(a, b []float64) float64 {
	type observed struct {
		value float64
		of    int
	}
	var all []observed
	for _, v := range a {
		all = append(all, observed{v, 0})
	}
	for _, v := range b {
		all = append(all, observed{v, 1})
	}
	slices.SortFunc(all, func(x, y observed) int { return cmp.Compare(x.value, y.value) })
	ranks, ties := 0.0, 0.0
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].value == all[i].value {
			j++
		}
		tied := float64(j - i)
		ties += tied*tied*tied - tied
		for k := i; k < j; k++ {
			if all[k].of == 0 {
				ranks += float64(i+j+1) / 2
			}
		}
		i = j
	}
	n, m := float64(len(a)), float64(len(b))
	u := ranks - n*(n+1)/2
	spread := math.Sqrt(n * m / 12 * (n + m + 1 - ties/((n+m)*(n+m-1))))
	if spread == 0 {
		return 1
	}
	return math.Erfc(math.Abs(u-n*m/2) / spread / math.Sqrt2)
}

// kolmogorovSmirnov is the two-sided p-value of the greatest distance between two samples' distributions, by the limit
// law with the usual correction for small samples.
func kolmogorovSmirnov(a, b []float64) float64 {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	i, j, distance := 0, 0, 0.0
	for i < len(a) && j < len(b) {
		v := min(a[i], b[j])
		i, j = beyond(a, i, v), beyond(b, j, v)
		distance = max(distance, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	root := math.Sqrt(float64(len(a)) * float64(len(b)) / float64(len(a)+len(b)))
	lambda, p := (root+0.12+0.11/root)*distance, 0.0
	if lambda < 0.2 {
		return 1
	}
	for k, sign := 1.0, 2.0; k <= 100; k, sign = k+1, -sign {
		p += sign * math.Exp(-2*k*k*lambda*lambda)
	}
	return min(p, 1)
}

// beyond is the first place of a sorted sample, from i on, that is greater than v.
func beyond(sorted []float64, i int, v float64) int {
	for i < len(sorted) && sorted[i] <= v {
		i++
	}
	return i
}

func TestNoTimeTellsRestrictedUnknownAndAmbiguousApart(t *testing.T) {
	for _, country := range []string{"EE", "FI"} {
		t.Run(country, func(t *testing.T) {
			t.Parallel()
			s := quietSiege(t, country, nil)
			s.app.Register.Faults().SetSlow(registerTakes)
			for _, pair := range s.toldApartByTime(questions()[2], 1000) {
				t.Errorf("%s are told apart by time", pair)
			}
		})
	}
}

// givesRestrictionsAway says that the same tests, at the same alpha, find the restricted patient in one series of a few:
// on a busy machine a short series can miss what a quiet one shows.
func (s *siege) givesRestrictionsAway(q question) bool {
	s.Helper()
	for range 4 {
		p := s.measure(q, 150).apart()
		s.Logf("p = %.6f and %.6f, unknown/ambiguous %.6f", p["restricted/unknown by rank"], p["restricted/ambiguous by rank"], p["unknown/ambiguous by rank"])
		if p["restricted/unknown by rank"] < alpha && p["restricted/ambiguous by rank"] < alpha {
			return true
		}
	}
	return false
}

func TestWithoutTheLeastTimeASlowRegisterGivesRestrictionsAway(t *testing.T) {
	s := newSiege(t, "EE", func(config *Config, options *Options) {
		config.Limits, config.Times.Quiet, options.Now = LimitsConfig{}, time.Microsecond, time.Now
	})
	s.app.Register.Faults().SetSlow(2 * time.Millisecond)
	if !s.givesRestrictionsAway(questions()[2]) {
		t.Error("nobody noticed that the register was not asked")
	}
}

func TestAPlantedDelayOfTwoMillisecondsIsFound(t *testing.T) {
	t.Parallel()
	s := tattler(t, tattling{after: 2 * time.Millisecond})
	if !s.givesRestrictionsAway(questions()[2]) {
		t.Error("nobody noticed the delay")
	}
}

func TestTheTwoSampleTestsAgreeWithKnownValues(t *testing.T) {
	for _, c := range []struct {
		name        string
		a, b        []float64
		rank, shape float64
	}{
		{"no difference", []float64{1, 2, 3, 4}, []float64{1, 2, 3, 4}, 1, 1},
		{"all equal", []float64{1, 1}, []float64{1, 1}, 1, 1},
		// U = 0 of 25, mean 12.5, deviation sqrt(25*11/12) = 4.7871, z = 2.6112. Distance 1, lambda 1.7707.
		{"wholly apart", []float64{1, 2, 3, 4, 5}, []float64{6, 7, 8, 9, 10}, 0.0090234, 0.0037805},
		// Ranks 1, 3, 3 and 3, 5, 6: U = 1 of 9, ties 24, z = 3.5/sqrt(9/12*(7-24/30)) = 1.6231. Distance 2/3, lambda 0.9564.
		{"with ties", []float64{1, 2, 2}, []float64{2, 3, 4}, 0.1045698, 0.3197},
		// The same middle, ten times the spread: only the shape differs. Distance 0.4, lambda 0.7083.
		{"spread", []float64{-1, -0.5, 0, 0.5, 1}, []float64{-10, -5, 0, 5, 10}, 1, 0.6974},
	} {
		if rank, shape := mannWhitney(c.a, c.b), kolmogorovSmirnov(c.a, c.b); math.Abs(rank-c.rank) > 1e-4 || math.Abs(shape-c.shape) > 5e-4 {
			t.Errorf("%s: %f and %f, want %f and %f", c.name, rank, shape, c.rank, c.shape)
		}
	}
}
