package app

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sild/internal/jose"
	"sild/internal/keys"
	"sild/trust"
)

// DemoParty is one of the two nodes of the demo: its country and the address where other nodes reach it.
type DemoParty struct {
	Country string
	Peers   string // host:port
}

// DemoLedgerOrigin is the name under which a country's demo node signs its ledger.
func DemoLedgerOrigin(country string) string { return "sild.demo/" + strings.ToLower(country) }

// InitDemoTrust writes throwaway keys for every party, a root with one key, its fingerprint and a list that is signed
// by it and valid for 30 days. It never overwrites a file. Nothing of it is fit for production.
func InitDemoTrust(dir string, parties []DemoParty, now time.Time) error {
	root, err := keys.GenerateSigner()
	if err != nil {
		return err
	}
	draft := trust.Draft{Sequence: 1, Issued: now.Add(-time.Minute), NextUpdate: now.Add(30 * 24 * time.Hour), Territory: "EU",
		Environment: trust.Demo, Operator: "Sild demo"}
	for _, party := range parties {
		entry, err := initParty(dir, party, parties, now)
		if err != nil {
			return err
		}
		draft.Participants = append(draft.Participants, entry)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := keys.WriteSigner(filepath.Join(dir, "root.pem"), root); err != nil {
		return err
	}
	rootKey, err := jose.NewKey("demo-root", root.Public())
	if err != nil {
		return err
	}
	raw, fingerprint, err := trust.EncodeRoot(trust.Root{Version: 1, Territory: "EU", Environment: trust.Demo, Threshold: 1,
		Keys: []trust.RootKey{{Key: rootKey, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0)}}})
	if err != nil {
		return err
	}
	list, err := trust.Sign(draft, jose.Signer{KID: "demo-root", Key: root})
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{"root.json": raw, "fingerprint": []byte(fingerprint + "\n"), "list.json": list} {
		if err := writeNew(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	return nil
}

func writeNew(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.Write(content); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// initParty writes one node's keys and describes it for the list.
func initParty(dir string, party DemoParty, all []DemoParty, now time.Time) (trust.Participant, error) {
	own := filepath.Join(dir, strings.ToLower(party.Country))
	if err := os.MkdirAll(own, 0o700); err != nil {
		return trust.Participant{}, err
	}
	tlsKey, err := keys.GenerateSigner()
	if err != nil {
		return trust.Participant{}, err
	}
	seal, err := keys.GenerateSigner()
	if err != nil {
		return trust.Participant{}, err
	}
	certificate, err := keys.SelfSigned("sild-"+strings.ToLower(party.Country), []string{"127.0.0.1", "localhost"}, now.AddDate(1, 0, 0), tlsKey)
	if err != nil {
		return trust.Participant{}, err
	}
	if err := writeKeys(own, party.Country, tlsKey, seal, certificate); err != nil {
		return trust.Participant{}, err
	}
	return demoParticipant(party, all, seal, certificate, now)
}

func writeKeys(dir, country string, tlsKey, seal crypto.Signer, certificate []byte) error {
	if err := keys.WriteSigner(filepath.Join(dir, "tls.key"), tlsKey); err != nil {
		return err
	}
	if err := keys.WriteCertificate(filepath.Join(dir, "tls.pem"), certificate); err != nil {
		return err
	}
	if err := keys.WriteSigner(filepath.Join(dir, "seal.pem"), seal); err != nil {
		return err
	}
	issuer, err := keys.GenerateSigner()
	if err != nil {
		return err
	}
	if err := keys.WriteSigner(filepath.Join(dir, "issuer.pem"), issuer); err != nil {
		return err
	}
	note, err := keys.GenerateNoteSigner(DemoLedgerOrigin(country))
	if err != nil {
		return err
	}
	if err := keys.WriteNoteSigner(filepath.Join(dir, "ledger.key"), note); err != nil {
		return err
	}
	if err := writeNew(filepath.Join(dir, "ledger.pub"), []byte(note.VerifierKey()+"\n")); err != nil {
		return err
	}
	kek, err := keys.GenerateKEK()
	if err != nil {
		return err
	}
	return keys.WriteKEK(filepath.Join(dir, "kek"), kek)
}

func demoParticipant(party DemoParty, all []DemoParty, seal crypto.Signer, certificate []byte, now time.Time) (trust.Participant, error) {
	parsed, err := x509.ParseCertificate(certificate)
	if err != nil {
		return trust.Participant{}, err
	}
	sealKey, err := jose.NewKey("", seal.Public())
	if err != nil {
		return trust.Participant{}, err
	}
	entry := trust.Participant{ID: party.Country, Country: party.Country, Name: "Demo node of " + party.Country,
		Address: "127.0.0.1", Contact: "mailto:demo@sild.example", Website: "https://sild.example/",
		Status: trust.StatusGranted, Promises: trust.Promises{ReplaySafe: true},
		TLSServerPins: []string{keys.SPKI(parsed)}, TLSClientPins: []string{keys.SPKI(parsed)},
		SealKeys: []trust.SealKey{{Key: sealKey, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0), Status: trust.StatusGranted}}}
	var corridors []trust.Corridor
	for _, other := range all {
		if other.Country != party.Country {
			corridors = append(corridors, trust.Corridor{A: party.Country, B: other.Country}, trust.Corridor{A: other.Country, B: party.Country})
		}
	}
	for _, service := range []trust.Service{trust.PatientIdentification, trust.PatientSummary, trust.PrescriptionFetch, trust.PrescriptionDispense} {
		entry.Services = append(entry.Services, trust.ServiceGrant{Service: service, Status: trust.StatusGranted,
			Directions: []trust.Direction{trust.Answers, trust.Asks}, Corridors: corridors, Wires: []trust.Wire{trust.WireFHIR},
			Endpoints: []trust.Endpoint{{Wire: trust.WireFHIR, URL: fmt.Sprintf("https://%s/fhir", party.Peers)}}})
	}
	return entry, nil
}
