package app

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// tourStep is one command of the tour, as a shell takes it.
type tourStep struct {
	says    string
	command string
}

// tour prints an address per role and commands that work as printed, from another terminal, while the demo stays up.
func (b *bridge) tour(w io.Writer) {
	for _, country := range []string{"EE", "FI"} {
		listen := b.configs[country].Listen
		fmt.Fprintf(w, "%s node   other nodes https://%s/fhir   pharmacy and clinic https://%s/fhir   operator http://%s\n",
			country, listen.Peers, listen.Pharmacy, listen.Operator)
	}
	fmt.Fprintf(w, "\nKeys and databases: %s (removed when the demo stops)\n\nA tour, in another terminal:\n", b.dir)
	for _, step := range b.tourSteps() {
		fmt.Fprintf(w, "\n# %s\n%s\n", step.says, step.command)
	}
	fmt.Fprintln(w, "\nStop with Ctrl-C.")
}

func (b *bridge) tourSteps() []tourStep {
	fi, ee := b.configs["FI"].Listen, demoTruth("EE")
	sign := func(client string) string {
		return fmt.Sprintf(`TOKEN=$(curl -sf -d grant_type=client_credentials -d client_id=%s http://%s/token | sed 's/.*"access_token":"\([^"]*\)".*/\1/')`,
			client, fi.Operator)
	}
	ask := func(path string, form ...string) string {
		lines := []string{fmt.Sprintf(`curl -sf --cacert %s`, filepath.Join(b.dir, "fi", "tls.pem")),
			`-H "Authorization: Bearer $TOKEN" -H "Sild-Country: EE" -H "Sild-Purpose: TREATMENT"`,
			`-H "Sild-Counter: identity-seen, patient-informed"`}
		lines = append(lines, form...)
		return strings.Join(append(lines, fmt.Sprintf(`'https://%s/fhir/%s'`, fi.Pharmacy, path)), " \\\n  ")
	}
	patient := searchToken(ee.patient)
	return []tourStep{
		{"The pharmacist in Helsinki signs in (the token lives five minutes).", sign("pharmacy")},
		{"Is this the Estonian patient at the counter?", ask("Patient/_search", "--data-urlencode 'identifier="+patient+"'")},
		{"What can be dispensed here? The loss report is the last entry.",
			ask("MedicationRequest/_search", "--data-urlencode 'patient.identifier="+patient+"' -d status=active")},
		{"One prescription in full: original codes, pivot codes, Finnish words.",
			ask("MedicationRequest/_search", "--data-urlencode 'patient.identifier="+patient+"'", "--data-urlencode 'identifier="+searchToken(ee.tablet)+"'")},
		{"A physician reads the patient summary.", sign("clinic") + "\n" + ask("Patient/$summary",
			`-H "Content-Type: application/fhir+json"`,
			fmt.Sprintf(`-d '{"resourceType":"Parameters","parameter":[{"name":"identifier","valueIdentifier":{"system":"%s","value":"%s"}}]}'`,
				ee.patient.System, ee.patient.Value))},
		{"Is the node well?", fmt.Sprintf("curl -sf http://%s/health", fi.Operator)},
	}
}
