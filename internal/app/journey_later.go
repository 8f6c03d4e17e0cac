package app

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"sild/internal/fhir"
	"sild/node"
)

func (j *journey) down(ctx context.Context) error {
	fetched, err := j.pharmacy.fetch(ctx, j.truth.patient, j.truth.inhaler)
	if err != nil {
		return err
	}
	if err := j.bridge.stop(j.corridor.A); err != nil {
		return err
	}
	j.waiting = newDispensation()
	message, err := j.pharmacy.dispensation(fetched.Body, j.waiting, j.truth.inhalerPackages, "completed")
	if err != nil {
		return err
	}
	answer, err := j.pharmacy.dispense(ctx, message)
	if err != nil {
		return err
	}
	if answer.Status != http.StatusAccepted {
		return complain("status %d %s", answer.Status, said(answer))
	}
	receipt, seal, err := fhir.DecodeReceipt(answer.Body)
	if err != nil || receipt.State != node.ReceiptWaiting || receipt.Dispensation != j.waiting || seal != "" {
		return errors.Join(complain("the pharmacy is not told that it waits"), err)
	}
	return nil
}

// back restarts both nodes over the same databases; the outbox has survived and delivers with fresh proof.
func (j *journey) back(ctx context.Context) error {
	if err := j.bridge.stop(j.corridor.B); err != nil {
		return err
	}
	for _, country := range []string{j.corridor.A, j.corridor.B} {
		if _, up := j.bridge.nodes[country]; up {
			continue
		}
		if err := j.bridge.start(ctx, country); err != nil {
			return err
		}
	}
	if err := j.signIn(); err != nil {
		return err
	}
	deadline := time.Now().Add(j.bridge.demo.Patience)
	for {
		err := j.registerSays(ctx, j.truth.inhaler, "0")
		if err == nil {
			return j.nothingWaits(ctx, deadline)
		}
		if time.Now().After(deadline) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (j *journey) nothingWaits(ctx context.Context, deadline time.Time) error {
	for {
		app, up := j.bridge.nodes[j.corridor.B]
		if !up {
			return complain("%s is down", j.corridor.B)
		}
		lines, err := app.Store.Outbox(ctx)
		if err != nil {
			return err
		}
		waiting := 0
		for _, line := range lines {
			if line.State == node.WaitingNow {
				waiting++
			}
		}
		if waiting == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return complain("%d dispensations still wait", waiting)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (j *journey) summary(ctx context.Context) error {
	whole, err := j.clinic.summary(ctx, j.truth.patient)
	if err != nil {
		return err
	}
	d, err := decodedSummary(whole)
	if err != nil {
		return err
	}
	if !d.Patient.Has(j.truth.patient) || !hasEntries(d, problems) {
		return errors.New("the problems of the main patient are missing")
	}
	if err := errors.Join(reported(d), bothHalves(whole.Body)); err != nil {
		return err
	}
	answer, err := j.clinic.summary(ctx, j.truth.sectioned)
	if err != nil {
		return err
	}
	if d, err = decodedSummary(answer); err != nil {
		return err
	}
	if hasEntries(d, problems) || bytes.Contains(answer.Body, []byte(`"Condition"`)) {
		return errors.New("the restricted section is not withheld")
	}
	return nil
}

// problems is the LOINC code of the problem list section.
const problems = "11450-4"

func decodedSummary(answer *reply) (*node.Document, error) {
	if answer.Status != http.StatusOK {
		return nil, complain("status %d %s", answer.Status, said(answer))
	}
	d, err := fhir.Tongue{}.Decode(answer.Body)
	if err == nil && (d.Summary == nil || len(d.Summary.Sections) < 5) {
		err = errors.New("the summary lacks required sections")
	}
	return d, err
}

func hasEntries(d *node.Document, code string) bool {
	for _, section := range d.Summary.Sections {
		if section.Code == code && section.State == node.HasEntries {
			return true
		}
	}
	return false
}

// alike compares the answers for a restricted patient and for one who does not exist, but for the correlation id.
func (j *journey) alike(ctx context.Context) error {
	for i, ask := range []func(context.Context, node.Identifier) (*reply, error){j.pharmacy.find, j.pharmacy.list, j.clinic.summary} {
		want := []int{http.StatusOK, http.StatusOK, http.StatusNotFound}[i]
		restricted, err := ask(ctx, j.truth.restricted)
		if err != nil {
			return err
		}
		unknown, err := ask(ctx, j.truth.unknown)
		if err != nil {
			return err
		}
		if restricted.Status != want || unknown.Status != want || comparable(restricted) != comparable(unknown) {
			return complain("statuses %d and %d, or the bodies differ", restricted.Status, unknown.Status)
		}
	}
	return nil
}

// comparable is an answer without its correlation id.
func comparable(answer *reply) string {
	return strings.ReplaceAll(string(answer.Body), answer.Header.Get("Sild-Correlation"), "")
}

func (j *journey) ledgers(ctx context.Context) error {
	for _, country := range []string{j.corridor.A, j.corridor.B} {
		app, up := j.bridge.nodes[country]
		if !up {
			return complain("%s is down", country)
		}
		if _, err := app.Store.Checkpoint(ctx); err != nil {
			return err
		}
		words, sound, err := app.verifyOwnLedger(ctx)
		if err != nil {
			return err
		}
		if !sound {
			return complain("%s: %s", country, words)
		}
	}
	return nil
}
