package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"time"

	"sild/internal/fhir"
	"sild/internal/tongues"
	"sild/node"
	"sild/translation"
)

// truth is what the demo knows about a country's seeded patients from reading the national files, not from asking the
// node.
type truth struct {
	patient, other, restricted, unknown, sectioned node.Identifier
	family                                         string
	listed                                         []string // prescriptions of patient that can be dispensed
	tablet, threePack, inhaler                     node.Identifier
	tabletATC                                      string
	inhalerPackages                                int
	leftAfterOne                                   string // of the three packages, after one is handed out
	leftAfterWithdraw                              string
	tooMany                                        int // packages that can no longer be had after one
	withdrawRule                                   string
}

// demoTruth is read off internal/national/demo/seed by eye.
func demoTruth(country string) truth {
	if country == "EE" {
		id := func(v string) node.Identifier {
			return node.Identifier{System: "https://fhir.ee/sid/pid/est/ni", Value: v}
		}
		rx := func(v string) node.Identifier {
			return node.Identifier{System: "https://fhir.ee/CodeSystem/tis-fhir-identifikaatorid/retseptikeskus-retsept", Value: v}
		}
		return truth{patient: id("47405179910"), other: id("36111039925"), restricted: id("48807299932"), unknown: id("48312149987"),
			sectioned: id("36111039925"), family: "Õuntähepõld",
			listed: []string{"1026090101", "1026090102", "1026090103", "1026090104", "1026090105", "1026090106", "1026090107"},
			tablet: rx("1026090101"), threePack: rx("1026090104"), inhaler: rx("1026090103"), inhalerPackages: 1,
			tabletATC: "A10BA02", leftAfterOne: "0", tooMany: 1, withdrawRule: "rule.ee-fi-22"}
	}
	id := func(v string) node.Identifier { return node.Identifier{System: "urn:oid:1.2.246.21", Value: v} }
	rx := finnishNumber
	var listed []string
	for _, n := range []string{"2001", "2002", "2003", "2004", "2005", "2006"} {
		listed = append(listed, rx(n).Value)
	}
	return truth{patient: id("140271-9022"), other: id("060864Y9051"), restricted: id("231086-908C"), unknown: id("150980-930K"),
		sectioned: id("060864Y9051"), family: "Äyränmetsola", listed: listed, tablet: rx("2001"), threePack: rx("2004"), inhaler: rx("2003"),
		inhalerPackages: 2, tabletATC: "A10BA02", leftAfterOne: "2", leftAfterWithdraw: "3", tooMany: 3}
}

// finnishNumber is the number of a seeded Finnish prescription. The ones that the register keeps as CDA are known by their
// number alone, the others by the system that FHIR names beside it.
func finnishNumber(last string) node.Identifier {
	id := node.Identifier{System: "http://resepti.kanta.fi/fhir/id/setId", Value: "urn:oid:1.2.246.10.1234567.93.2026." + last}
	switch last {
	case "2001", "2003":
		id.System = "urn:ietf:rfc:3986"
	}
	return id
}

// journey is one direction's story under way.
type journey struct {
	bridge    *bridge
	corridor  node.Corridor
	truth     truth
	pharmacy  *counter
	clinic    *counter
	packs     []byte // the three-package prescription as fetched
	message   []byte // the dispensation that was sent
	receipt   []byte
	receiptID string
	waiting   node.Identifier
}

type step struct {
	name string
	play func(*journey, context.Context) error
}

// steps is the whole story in order; every step checks what it says.
var steps = []step{
	{"find the patient", (*journey).find},
	{"list what can be dispensed", (*journey).list},
	{"fetch one, translated, with its loss report", (*journey).fetch},
	{"dispense one package of three", (*journey).dispense},
	{"a second dispensation is refused", (*journey).second},
	{"the same message again gets the same receipt", (*journey).replay},
	{"withdraw at the counter", (*journey).withdraw},
	{"country A is down: the dispensation waits", (*journey).down},
	{"both nodes restart: it arrives", (*journey).back},
	{"patient summary with a withheld section", (*journey).summary},
	{"restricted and unknown look alike", (*journey).alike},
	{"both ledgers verify", (*journey).ledgers},
}

// play runs the steps of one direction and prints a line each: what, how long, and what did not hold.
func (b *bridge) play(ctx context.Context, corridor node.Corridor) bool {
	j := &journey{bridge: b, corridor: corridor, truth: demoTruth(corridor.A)}
	if err := j.signIn(); err != nil {
		fmt.Fprintln(b.demo.Out, "  no counter:", err)
		return false
	}
	held := true
	for _, s := range steps {
		began := time.Now()
		err := s.play(j, ctx)
		mark, why := "ok  ", ""
		if err != nil {
			mark, why, held = "FAIL", ": "+strings.ReplaceAll(err.Error(), "\n", "; "), false
		}
		fmt.Fprintf(b.demo.Out, "  %s %-50s %6.1f ms%s\n", mark, s.name, float64(time.Since(began).Microseconds())/1000, why)
	}
	return held
}

func (j *journey) signIn() (err error) {
	if j.pharmacy, err = j.bridge.counter(j.corridor, "pharmacy"); err != nil {
		return err
	}
	j.clinic, err = j.bridge.counter(j.corridor, "clinic")
	return err
}

func (j *journey) find(ctx context.Context) error {
	answer, err := j.pharmacy.find(ctx, j.truth.patient)
	if err != nil {
		return err
	}
	patients, err := fhir.DecodePatient(answer.Body)
	if err != nil || len(patients) != 1 {
		return errors.Join(complain("status %d, %d patients", answer.Status, len(patients)), err)
	}
	if patients[0].Family != j.truth.family || !patients[0].Has(j.truth.patient) {
		return errors.New("another patient was found")
	}
	return nil
}

func (j *journey) list(ctx context.Context) error {
	answer, err := j.pharmacy.list(ctx, j.truth.patient)
	if err != nil {
		return err
	}
	if answer.Status != http.StatusOK {
		return complain("status %d %s", answer.Status, said(answer))
	}
	d, err := fhir.Tongue{}.Decode(answer.Body)
	if err != nil {
		return err
	}
	var listed []string
	for _, p := range d.Prescriptions {
		listed = append(listed, p.ID.Value)
		if p.Amount.Packages == "" || p.Amount.Left == "" && !leftUnsaid(p) {
			return errors.New("an item does not say how much is left")
		}
	}
	sort.Strings(listed)
	if strings.Join(listed, " ") != strings.Join(j.truth.listed, " ") {
		return complain("%d items instead of %d", len(listed), len(j.truth.listed))
	}
	return errors.Join(reported(d), bothHalves(answer.Body))
}

// bothHalves demands a loss report of each country: what A could not carry, and what B could not put into its words.
func bothHalves(body []byte) error {
	var bundle struct {
		Entry []struct {
			Resource json.RawMessage `json:"resource"`
		} `json:"entry"`
	}
	if err := json.Unmarshal(body, &bundle); err != nil {
		return err
	}
	halves := 0
	for _, entry := range bundle.Entry {
		if bytes.Contains(entry.Resource, []byte(`"urn:sild:ext:release"`)) && bytes.Contains(entry.Resource, []byte(`"urn:sild:ext:line"`)) {
			halves++
		}
	}
	if halves != 2 {
		return complain("no loss report of both countries: %d halves", halves)
	}
	return nil
}

// reported demands a loss report that gives every slot of every prescription a fate.
func reported(d *node.Document) error {
	if d.Peer == nil || d.Peer.Count() == 0 || d.Peer.Release == "" {
		return errors.New("no loss report came with it")
	}
	for line := range d.Peer.Lines() {
		if line.Fate == translation.Untouched {
			return errors.New("a slot without a fate: " + line.Path)
		}
	}
	return nil
}

func (j *journey) fetch(ctx context.Context) error {
	answer, err := j.pharmacy.fetch(ctx, j.truth.patient, j.truth.tablet)
	if err != nil {
		return err
	}
	if answer.Status != http.StatusOK {
		return complain("status %d %s", answer.Status, said(answer))
	}
	d, err := fhir.Tongue{}.Decode(answer.Body)
	if err != nil {
		return err
	}
	p := d.Prescription()
	if p == nil || p.ID != j.truth.tablet || !d.Patient.Has(j.truth.patient) {
		return errors.New("another prescription was fetched")
	}
	return errors.Join(j.translated(p), reported(d), bothHalves(answer.Body))
}

// leftUnsaid says that an item says nothing of what is left, as a CDA prescription does until something was handed out. The
// ids of CDA prescriptions are object identifiers.
func leftUnsaid(p *node.Prescription) bool {
	return p.Amount.Left == "" && p.ID.System == "urn:ietf:rfc:3986"
}

// translated checks the reader's view: the other country's own codes are still there, the reader's words are too.
func (j *journey) translated(p *node.Prescription) error {
	form := p.Medication.Form
	if form == nil || !strings.Contains(form.Original().System, nationalForms[j.corridor.A]) {
		return errors.New("the dose form lost its original code")
	}
	if form.Rendered == "" || form.Language != readerLanguages(j.corridor.B)[0] {
		return complain("the dose form is not in the reader's language")
	}
	if len(p.Medication.Classification) == 0 || p.Medication.Classification[0].Original().Code != j.truth.tabletATC {
		return errors.New("the ATC code is not the one prescribed")
	}
	if len(p.Medication.Ingredients) != 1 || p.Medication.Ingredients[0].Strength == nil ||
		p.Medication.Ingredients[0].Strength.Numerator.Value != "500" {
		return errors.New("the strength is not the one prescribed")
	}
	if p.Amount.Packages != "1" || p.Amount.Left != "1" && !leftUnsaid(p) {
		return complain("the amount is not the one prescribed: %q of %q left", p.Amount.Left, p.Amount.Packages)
	}
	return nil
}

var nationalForms = map[string]string{"EE": "https://fhir.ee/CodeSystem/ravimvormid", "FI": "urn:oid:1.2.246.537.6.852"}

func (j *journey) dispense(ctx context.Context) error {
	fetched, err := j.pharmacy.fetch(ctx, j.truth.patient, j.truth.threePack)
	if err != nil {
		return err
	}
	j.packs = fetched.Body
	if j.message, err = j.pharmacy.dispensation(j.packs, newDispensation(), 1, "completed"); err != nil {
		return err
	}
	answer, err := j.pharmacy.dispense(ctx, j.message)
	if err != nil {
		return err
	}
	if answer.Status != http.StatusCreated {
		return complain("status %d %s", answer.Status, said(answer))
	}
	receipt, seal, err := fhir.DecodeReceipt(answer.Body)
	if err != nil {
		return err
	}
	j.receipt, j.receiptID = answer.Body, receipt.ID
	if receipt.Left != j.truth.leftAfterOne || receipt.Prescription != j.truth.threePack || seal == "" || receipt.State != node.ReceiptRecorded {
		return complain("the receipt says %s packages left", receipt.Left)
	}
	return j.registerSays(ctx, j.truth.threePack, j.truth.leftAfterOne)
}

// registerSays looks into country A's register itself, past both nodes.
func (j *journey) registerSays(ctx context.Context, prescription node.Identifier, left string) error {
	app, running := j.bridge.nodes[j.corridor.A]
	if !running {
		return errors.New("the register's node is down")
	}
	d, err := app.Register.Prescription(ctx, node.Call{Patient: j.truth.patient, Corridor: j.corridor}, node.Ref{ID: prescription})
	if err != nil {
		return err
	}
	national, err := tongues.Both{}.Decode(d.Source)
	if err != nil || national.Prescription() == nil {
		return errors.Join(complain("the register's own document cannot be read"), err)
	}
	p := national.Prescription()
	remaining := p.Amount.Left
	if p.Status == node.Completed {
		remaining = "0"
	}
	if remaining != left {
		return complain("the register has %s packages left instead of %s", remaining, left)
	}
	return nil
}

func (j *journey) second(ctx context.Context) error {
	message, err := j.pharmacy.dispensation(j.packs, newDispensation(), j.truth.tooMany, "completed")
	if err != nil {
		return err
	}
	answer, err := j.pharmacy.dispense(ctx, message)
	if err != nil {
		return err
	}
	refusal, _, err := fhir.DecodeOutcome(answer.Body)
	if err != nil || answer.Status != http.StatusConflict {
		return errors.Join(complain("status %d instead of a conflict", answer.Status), err)
	}
	if refusal.Kind != node.Conflict || refusal.Left != j.truth.leftAfterOne {
		return complain("refused as %s with %q left", refusal.Kind, refusal.Left)
	}
	return j.registerSays(ctx, j.truth.threePack, j.truth.leftAfterOne)
}

func (j *journey) replay(ctx context.Context) error {
	answer, err := j.pharmacy.dispense(ctx, j.message)
	if err != nil {
		return err
	}
	if answer.Status != http.StatusOK || !bytes.Equal(answer.Body, j.receipt) {
		return complain("status %d, the receipt is another one", answer.Status)
	}
	return j.registerSays(ctx, j.truth.threePack, j.truth.leftAfterOne)
}

func (j *journey) withdraw(ctx context.Context) error {
	message, err := restated(j.message, "entered-in-error")
	if err != nil {
		return err
	}
	answer, err := j.pharmacy.withdraw(ctx, j.receiptID, message)
	if err != nil {
		return err
	}
	if j.truth.withdrawRule != "" {
		refusal, _, err := fhir.DecodeOutcome(answer.Body)
		if err != nil || answer.Status != http.StatusForbidden || refusal.Reason != j.truth.withdrawRule {
			return errors.Join(complain("status %d %s instead of the corridor's rule", answer.Status, said(answer)), err)
		}
		return j.registerSays(ctx, j.truth.threePack, j.truth.leftAfterOne)
	}
	receipt, _, err := fhir.DecodeReceipt(answer.Body)
	if err != nil || receipt.State != node.ReceiptWithdrawn || receipt.Left != j.truth.leftAfterWithdraw {
		return errors.Join(complain("status %d %s", answer.Status, said(answer)), err)
	}
	return j.registerSays(ctx, j.truth.threePack, j.truth.leftAfterWithdraw)
}

// restated is the same message with another status.
func restated(message []byte, status string) ([]byte, error) {
	var resource map[string]json.RawMessage
	if err := json.Unmarshal(message, &resource); err != nil {
		return nil, err
	}
	resource["status"] = json.RawMessage(`"` + status + `"`)
	return json.Marshal(resource)
}

// said is the refusal's kind and reason, for a failed step.
func said(answer *reply) string {
	refusal, _, err := fhir.DecodeOutcome(answer.Body)
	if err != nil {
		return "without an outcome"
	}
	return refusal.Kind.String() + " " + refusal.Reason + " " + refusal.Slot
}
