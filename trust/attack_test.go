package trust_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"sild/internal/jose"
	"sild/trust"
)

// stateOf is what a node remembers after accepting a draft at a moment.
func (s *scheme) stateOf(d trust.Draft, at time.Time) *trust.State {
	s.t.Helper()
	list, err := trust.Verify(s.force(s.payload(d)), s.root, nil, at)
	if err != nil {
		s.t.Fatal(err)
	}
	return &trust.State{RootVersion: s.root.Version, Sequence: list.Sequence(), Digest: list.Digest(), Seen: at}
}

func TestAttack01AnOlderListDoesNotComeBack(t *testing.T) {
	s := newScheme(t)
	last := s.stateOf(s.draft, noon)
	older := s.changed(func(d *trust.Draft) { d.Sequence = 6 })
	if _, err := trust.Verify(s.sign(older), s.root, last, noon); reasonOf(err) != trust.ReasonRollback {
		t.Fatalf("got %v", err)
	}
	newer := s.changed(func(d *trust.Draft) { d.Sequence = 9 })
	if _, err := trust.Verify(s.sign(newer), s.root, last, noon); err != nil {
		t.Fatalf("a jump forward is allowed: %v", err)
	}
}

func TestAttack02TwoListsUnderOneNumberAreAFork(t *testing.T) {
	s := newScheme(t)
	last := s.stateOf(s.draft, noon)
	fork := s.changed(func(d *trust.Draft) { d.Participants[0].Promises.ReplaySafe = false })
	if _, err := trust.Verify(s.sign(fork), s.root, last, noon); reasonOf(err) != trust.ReasonFork {
		t.Fatalf("got %v", err)
	}
	again, err := trust.Sign(s.draft, s.operators[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Verify(again, s.root, last, noon); err != nil {
		t.Fatalf("the same content under other signatures is the same list: %v", err)
	}
}

func TestAttack04ANumberBeyondTheBoundIsRefusedAndANewRootStartsAfresh(t *testing.T) {
	s := newScheme(t)
	for _, n := range []int64{trust.MaxSequence + 1, 1<<63 - 1, 0, -1} {
		bad := s.changed(func(d *trust.Draft) { d.Sequence = n })
		if _, err := trust.Verify(s.force(s.payload(bad)), s.root, nil, noon); reasonOf(err) != trust.ReasonSequence {
			t.Errorf("%d: got %v", n, err)
		}
	}
	beyond := strings.Replace(string(s.payload(s.draft)), `"LoTESequenceNumber":7`, `"LoTESequenceNumber":99999999999999999999`, 1)
	if _, err := trust.Verify(s.force([]byte(beyond)), s.root, nil, noon); reasonOf(err) != trust.ReasonMalformed {
		t.Errorf("beyond 64 bits: got %v", err)
	}
	stuck := s.stateOf(s.changed(func(d *trust.Draft) { d.Sequence = trust.MaxSequence }), noon)
	if _, err := trust.Verify(s.sign(s.draft), s.root, stuck, noon); reasonOf(err) != trust.ReasonRollback {
		t.Fatalf("under the same root: got %v", err)
	}
	rotated := s.root
	rotated.Version = 2
	if _, err := trust.Verify(s.sign(s.draft), rotated, stuck, noon); err != nil {
		t.Fatalf("under the next root: %v", err)
	}
	ahead := &trust.State{RootVersion: 3, Sequence: 1, Digest: "x", Seen: noon}
	if _, err := trust.Verify(s.sign(s.draft), rotated, ahead, noon); reasonOf(err) != trust.ReasonRoot {
		t.Fatalf("an older root: got %v", err)
	}
}

func TestAttack05AListOfAnotherSchemeIsRefused(t *testing.T) {
	s := newScheme(t)
	cases := []struct {
		name   string
		change func(*trust.Draft)
	}{
		{"another territory", func(d *trust.Draft) { d.Territory = "FI" }},
		{"another environment", func(d *trust.Draft) { d.Environment = trust.Test }},
	}
	for _, c := range cases {
		if _, err := trust.Verify(s.sign(s.changed(c.change)), s.root, nil, noon); reasonOf(err) != trust.ReasonScheme {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
	text := string(s.payload(s.draft))
	for name, other := range map[string]string{
		"a list of wallet providers": strings.Replace(text, "urn:sild:lote:1:NCPeHList", "http://uri.etsi.org/19602/LoTEType/EUWalletProvidersList", 1),
		"another version":            strings.Replace(text, `"LoTEVersionIdentifier":1`, `"LoTEVersionIdentifier":2`, 1),
	} {
		if _, err := trust.Verify(s.force([]byte(other)), s.root, nil, noon); reasonOf(err) != trust.ReasonScheme {
			t.Errorf("%s: got %v", name, err)
		}
	}
	receipt, err := jose.SignMany(s.payload(s.draft), "receipt+jwt", s.operators[:2]...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Verify(receipt, s.root, nil, noon); reasonOf(err) != trust.ReasonScheme {
		t.Errorf("signed for another purpose: got %v", err)
	}
}

func TestAttack06AHugeOrDeepListIsRefusedUnread(t *testing.T) {
	s := newScheme(t)
	huge := append(s.sign(s.draft), []byte(strings.Repeat(" ", jose.MaxMany))...)
	if _, err := trust.Verify(huge, s.root, nil, noon); reasonOf(err) != trust.ReasonSize {
		t.Errorf("huge: got %v", err)
	}
	deep := []byte(`{"payload":` + strings.Repeat("[", 100_000))
	if _, err := trust.Verify(deep, s.root, nil, noon); reasonOf(err) != trust.ReasonSize {
		t.Errorf("deep: got %v", err)
	}
}

// rewritten replaces the protected header of the first signature.
func rewritten(t *testing.T, signed []byte, header string, signature []byte) []byte {
	t.Helper()
	var doc struct {
		Payload    string              `json:"payload"`
		Signatures []map[string]string `json:"signatures"`
	}
	if err := json.Unmarshal(signed, &doc); err != nil {
		t.Fatal(err)
	}
	doc.Signatures[0]["protected"] = base64.RawURLEncoding.EncodeToString([]byte(header))
	if signature != nil {
		doc.Signatures[0]["signature"] = base64.RawURLEncoding.EncodeToString(signature)
	}
	out, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAttack07AnAlgorithmThatIsNotTheKeysOwnIsRefused(t *testing.T) {
	s := newScheme(t)
	signed := s.sign(s.draft)
	secret, err := jose.MarshalJWK(s.root.Keys[0].Key)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("anything"))
	for _, alg := range []string{"none", "HS256", "RS256", "PS256", "ES384", "EdDSA", "ES256K", ""} {
		header := `{"alg":"` + alg + `","kid":"operator-1","typ":"ncp-trust+jwt"}`
		if _, err := trust.Verify(rewritten(t, signed, header, mac.Sum(nil)), s.root, nil, noon); reasonOf(err) != trust.ReasonAlgorithm {
			t.Errorf("%q: got %v", alg, err)
		}
	}
}

func TestAttack08AKeyOrAddressInTheHeaderIsNotFollowed(t *testing.T) {
	s := newScheme(t)
	signed := s.sign(s.draft)
	stranger, err := jose.MarshalJWK(key(t, "operator-1", newSigner(t).Public()))
	if err != nil {
		t.Fatal(err)
	}
	for _, extra := range []string{
		`"jwk":` + string(stranger), `"jku":"https://attacker.example/"`, `"x5u":"https://attacker.example/"`, `"x5c":["MIIB"]`,
	} {
		header := `{"alg":"ES256","kid":"operator-1","typ":"ncp-trust+jwt",` + extra + `}`
		if _, err := trust.Verify(rewritten(t, signed, header, nil), s.root, nil, noon); reasonOf(err) != trust.ReasonSignature {
			t.Errorf("%s: got %v", extra[:6], err)
		}
	}
	for kid, want := range map[string]trust.Reason{
		"../operator-1": trust.ReasonThreshold, "OPERATOR-1": trust.ReasonThreshold,
		"operator-1'--": trust.ReasonThreshold, "operator-1 ": trust.ReasonMalformed,
	} {
		header := `{"alg":"ES256","kid":"` + kid + `","typ":"ncp-trust+jwt"}`
		if _, err := trust.Verify(rewritten(t, signed, header, nil), s.root, nil, noon); reasonOf(err) != want {
			t.Errorf("%s: got %v", kid, err)
		}
	}
}

func TestAttack09OnlyOneReadingOfTheBytesIsPossible(t *testing.T) {
	s := newScheme(t)
	signed, text := string(s.sign(s.draft)), string(s.payload(s.draft))
	envelope := map[string]string{
		"trailing text":      signed + "{}",
		"byte order mark":    "\ufeff" + signed,
		"duplicate payload":  strings.Replace(signed, `{"payload"`, `{"payload":"e30","payload"`, 1),
		"unprotected header": strings.Replace(signed, `{"protected"`, `{"header":{},"protected"`, 1),
		"padded base64":      strings.Replace(signed, `","signatures"`, `=","signatures"`, 1),
		"unknown critical extension": string(rewritten(t, []byte(signed),
			`{"alg":"ES256","kid":"operator-1","typ":"ncp-trust+jwt","crit":["iat"],"iat":1}`, nil)),
		"unencoded payload": string(rewritten(t, []byte(signed),
			`{"alg":"ES256","kid":"operator-1","typ":"ncp-trust+jwt","crit":["b64"],"b64":false}`, nil)),
		"duplicate header member": string(rewritten(t, []byte(signed),
			`{"alg":"none","alg":"ES256","kid":"operator-1","typ":"ncp-trust+jwt"}`, nil)),
	}
	for name, raw := range envelope {
		if _, err := trust.Verify([]byte(raw), s.root, nil, noon); reasonOf(err) != trust.ReasonMalformed {
			t.Errorf("%s: got %v", name, err)
		}
	}
	payloads := map[string]string{
		"unknown member":              strings.Replace(text, `"country"`, `"extra":1,"country"`, 1),
		"member in another case":      strings.Replace(text, `"country"`, `"Country":"FI","country"`, 1),
		"no extension":                strings.Replace(text, `"SchemeExtensions":[{"environment":"production"}]`, `"SchemeExtensions":[]`, 1),
		"time with a fraction":        strings.Replace(text, `:00Z"`, `:00.5Z"`, 1),
		"time with an offset":         strings.Replace(text, `:00Z"`, `:00+00:00"`, 1),
		"list of participants null":   text[:strings.Index(text, `"TrustedEntitiesList"`)] + `"TrustedEntitiesList":null}}`,
		"name in another language":    strings.Replace(text, `"TEName":[{"lang":"en"`, `"TEName":[{"lang":"et"`, 1),
		"service of another one":      strings.Replace(text, `"OtherIds":["EE"]`, `"OtherIds":["FI"]`, 1),
		"corridor of three countries": strings.Replace(text, `["EE","FI"]`, `["EE","FI","SE"]`, 1),
		"private key in the list":     strings.Replace(text, `"use":"sig"`, `"use":"sig","d":"AA"`, 1),
	}
	for name, raw := range payloads {
		if raw == text {
			t.Fatalf("%s: the case changes nothing", name)
		}
		_, err := trust.Verify(s.force([]byte(raw)), s.root, nil, noon)
		if got := reasonOf(err); got != trust.ReasonMalformed && got != trust.ReasonContent {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAttack10OneOperatorNeverCountsTwice(t *testing.T) {
	s := newScheme(t)
	one := s.operators[0]
	alone, err := jose.SignMany(s.payload(s.draft), trust.SignedType, one, one)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Verify(alone, s.root, nil, noon); reasonOf(err) != trust.ReasonThreshold {
		t.Errorf("signed twice: got %v", err)
	}
	twin := s.root
	twin.Keys = append(append([]trust.RootKey(nil), s.root.Keys...), trust.RootKey{
		Key: key(t, "operator-1-again", one.Key.Public()), NotBefore: s.root.Keys[0].NotBefore, NotAfter: s.root.Keys[0].NotAfter,
	})
	if _, err := trust.Verify(s.sign(s.draft), twin, nil, noon); reasonOf(err) != trust.ReasonRoot {
		t.Errorf("a root that lists one key twice: got %v", err)
	}
	stranger, err := jose.SignMany(s.payload(s.draft), trust.SignedType, one, jose.Signer{KID: "x", Key: newSigner(t)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Verify(stranger, s.root, nil, noon); reasonOf(err) != trust.ReasonThreshold {
		t.Errorf("one operator and a stranger: got %v", err)
	}
}

func TestAttack11AnOperatorsKeyOutsideItsTimeOrRemovedDoesNotCount(t *testing.T) {
	s := newScheme(t)
	cases := []struct {
		name   string
		change func(*trust.Root)
		want   trust.Reason
	}{
		{"expired", func(r *trust.Root) { r.Keys[0].NotAfter = noon.Add(-time.Second) }, trust.ReasonThreshold},
		{"not yet valid", func(r *trust.Root) { r.Keys[0].NotBefore = noon.Add(time.Second) }, trust.ReasonThreshold},
		{"removed", func(r *trust.Root) { r.Keys = r.Keys[1:] }, trust.ReasonThreshold},
		{"never in force", func(r *trust.Root) { r.Keys[0].NotAfter = r.Keys[0].NotBefore }, trust.ReasonRoot},
		{"in its last second", func(r *trust.Root) { r.Keys[0].NotAfter = noon }, ""},
	}
	for _, c := range cases {
		root := s.root
		root.Keys = append([]trust.RootKey(nil), s.root.Keys...)
		c.change(&root)
		if _, err := trust.Verify(s.sign(s.draft), root, nil, noon); reasonOf(err) != c.want {
			t.Errorf("%s: want %q, got %v", c.name, c.want, err)
		}
	}
}

func TestAttack17AClockThatWasSetBackOrForwardIsNoticed(t *testing.T) {
	s := newScheme(t)
	last := s.stateOf(s.draft, noon)
	signed := s.sign(s.draft)
	cases := []struct {
		name string
		now  time.Time
		want trust.Reason
	}{
		{"two minutes back is two honest clocks", noon.Add(-2 * time.Minute), ""},
		{"six minutes back", noon.Add(-6 * time.Minute), trust.ReasonClock},
		{"a year back", noon.AddDate(-1, 0, 1), trust.ReasonClock},
		{"a second before next update", s.draft.NextUpdate.Add(-time.Second), ""},
		{"at the next update", s.draft.NextUpdate, trust.ReasonExpired},
		{"a month forward", noon.AddDate(0, 1, 0), trust.ReasonExpired},
	}
	for _, c := range cases {
		if _, err := trust.Verify(signed, s.root, last, c.now); reasonOf(err) != c.want {
			t.Errorf("%s: want %q, got %v", c.name, c.want, err)
		}
	}
	if _, err := trust.Verify(signed, s.root, nil, s.draft.Issued.Add(-trust.Tolerance-time.Second)); reasonOf(err) != trust.ReasonNotYetValid {
		t.Errorf("before the issue: got %v", err)
	}
}

func TestAttack22WithoutARootByAnotherWayNothingIsBelieved(t *testing.T) {
	s := newScheme(t)
	if _, err := trust.Verify(s.sign(s.draft), trust.Root{}, nil, noon); reasonOf(err) != trust.ReasonRoot {
		t.Fatalf("no root: got %v", err)
	}
	raw, fingerprint, err := trust.EncodeRoot(s.root)
	if err != nil {
		t.Fatal(err)
	}
	root, err := trust.ParseRoot(raw, fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Verify(s.sign(s.draft), root, nil, noon); err != nil {
		t.Fatalf("the root that was read: %v", err)
	}
	other := strings.Replace(string(raw), `"threshold":2`, `"threshold":1`, 1)
	cases := []struct{ name, raw, fingerprint string }{
		{"no fingerprint", string(raw), ""},
		{"fingerprint of another root", string(raw), trust.Fingerprint([]byte("x"))},
		{"root changed after the ceremony", other, fingerprint},
		{"list in place of a root", string(s.payload(s.draft)), trust.Fingerprint(s.payload(s.draft))},
		{"unknown member", strings.Replace(string(raw), `{"type"`, `{"x":1,"type"`, 1), ""},
	}
	for _, c := range cases {
		if c.name == "unknown member" {
			c.fingerprint = trust.Fingerprint([]byte(c.raw))
		}
		if _, err := trust.ParseRoot([]byte(c.raw), c.fingerprint); reasonOf(err) != trust.ReasonRoot {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

func TestAttack23ALifeBeyondThePolicyIsRefused(t *testing.T) {
	s := newScheme(t)
	cases := []struct {
		name string
		life time.Duration
		want trust.Reason
	}{
		{"31 days", trust.MaxLife, ""},
		{"31 days and a second", trust.MaxLife + time.Second, trust.ReasonLife},
		{"ten years", 10 * 365 * 24 * time.Hour, trust.ReasonLife},
		{"none", 0, trust.ReasonLife},
		{"next update before the issue", -time.Hour, trust.ReasonLife},
	}
	for _, c := range cases {
		d := s.changed(func(d *trust.Draft) { d.NextUpdate = d.Issued.Add(c.life) })
		if _, err := trust.Verify(s.force(s.payload(d)), s.root, nil, noon); reasonOf(err) != c.want {
			t.Errorf("%s: want %q, got %v", c.name, c.want, err)
		}
	}
}
