package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"sild/internal/ledger"
	"sild/internal/store"
	"sild/trust"
)

// ShowTrust verifies a list against a root and its fingerprint and gives it as lines. A list that is refused is not
// shown.
func ShowTrust(listPath, rootPath, fingerprintPath string, now time.Time) ([]string, error) {
	root, err := readRoot(rootPath, fingerprintPath)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(listPath)
	if err != nil {
		return nil, err
	}
	list, err := trust.Verify(raw, root, nil, now)
	if err != nil {
		return nil, err
	}
	return trust.Show(list), nil
}

// readRoot believes a root file only with the fingerprint that came another way.
func readRoot(rootPath, fingerprintPath string) (trust.Root, error) {
	fingerprint, err := os.ReadFile(fingerprintPath)
	if err != nil {
		return trust.Root{}, err
	}
	raw, err := os.ReadFile(rootPath)
	if err != nil {
		return trust.Root{}, err
	}
	return trust.ParseRoot(raw, strings.TrimSpace(string(fingerprint)))
}

// look opens the database of a configured node for looking, while the node may be running.
func look(ctx context.Context, configPath string) (*store.View, error) {
	config, err := LoadConfig(configPath)
	if err != nil {
		return nil, err
	}
	database, err := storeConfig(config, time.Now)
	if err != nil {
		return nil, err
	}
	return store.OpenView(ctx, database)
}

// Outbox lists what a node's outbox holds, without clinical content.
func Outbox(ctx context.Context, configPath string) ([]store.OutboxLine, error) {
	v, err := look(ctx, configPath)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	lines, err := v.Outbox(ctx)
	if lines == nil {
		lines = []store.OutboxLine{} // as JSON an empty list, not null
	}
	return lines, err
}

// ExportLedger writes a node's log, with its rows only when they are asked for.
func ExportLedger(ctx context.Context, configPath string, rows bool, w io.Writer) error {
	v, err := look(ctx, configPath)
	if err != nil {
		return err
	}
	defer v.Close()
	return v.Export(ctx, w, rows)
}

// VerifyLedger checks an exported log from outside, knowing only the log's public key.
func VerifyLedger(verifierKey string, export io.Reader) (words string, sound bool, err error) {
	verifier, err := note.NewVerifier(strings.TrimSpace(verifierKey))
	if err != nil {
		return "", false, fmt.Errorf("the verifier key cannot be read: %w", err)
	}
	verdict, err := ledger.Verify(ledger.Export{Origin: verifier.Name(), Keys: note.VerifierList(verifier), Lines: ledger.ReadLines(export)})
	if err != nil {
		return "", false, err
	}
	words = fmt.Sprintf("%d leaves, %d with their rows, %d checkpoints, signed up to leaf %d", verdict.Leaves, verdict.Rows,
		verdict.Checkpoints, verdict.Signed)
	if !verdict.Sound() {
		return fmt.Sprintf("not sound: %s (line %d); %s", verdict.Fault, verdict.Line, words), false, nil
	}
	return "sound: " + words, true, nil
}

func (a *App) verifyOwnLedger(ctx context.Context) (string, bool, error) {
	public, err := os.ReadFile(a.key("ledger.pub"))
	if err != nil {
		return "", false, err
	}
	var export bytes.Buffer
	if err := a.Store.Export(ctx, &export, true); err != nil {
		return "", false, err
	}
	return VerifyLedger(string(public), &export)
}
