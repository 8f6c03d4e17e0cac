package demo

import (
	"encoding/json"
	"fmt"
	"slices"

	"sild/node"
)

// person is someone whom the register knows.
type person struct {
	name string // the case in patients.json; empty for a person who came with a prescription
	node.Patient
}

// Case is one of the seeded people, for demonstrations.
type Case struct {
	Name      string // as in patients.json: M1, M2, R1 and so on
	Patient   node.Identifier
	BirthDate string // FHIR date
}

// Cases lists the people of patients.json in its order.
func (r *Register) Cases() []Case {
	var cases []Case
	for _, p := range r.people {
		if p.name != "" && len(p.Identifiers) > 0 {
			cases = append(cases, Case{Name: p.name, Patient: p.Identifiers[0], BirthDate: p.BirthDate})
		}
	}
	return cases
}

// Strings lists what must never be found in a log, an address or a measurement: every identifier, family name, given
// name and birth date of the register's people and every identifier of a prescription, sorted, each once.
func (r *Register) Strings() []string {
	var all []string
	for _, p := range r.people {
		all = append(all, p.Family, p.BirthDate)
		all = append(all, p.Given...)
		for _, id := range p.Identifiers {
			all = append(all, id.Value)
		}
	}
	for _, p := range r.ordered {
		all = append(all, p.numbers...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(text string) bool { return text == "" })
}

// find is the one person who bears the identifier. Nobody and several are NotFound with different reasons, which only
// the ledger learns.
func (r *Register) find(op string, id node.Identifier) (*person, error) {
	switch bearers := r.bearers[id]; len(bearers) {
	case 0:
		return nil, fail(op, node.NotFound, "patient.unknown", nobodyFound)
	case 1:
		return &r.people[bearers[0]], nil
	}
	return nil, fail(op, node.NotFound, "patient.ambiguous", nobodyFound)
}

const nobodyFound = "No patient was found with these details."

// same says that two patients are one person: the same name and birth date. Two people can share an identifier by
// mistake, and must not be taken for one.
func same(a, b node.Patient) bool {
	return a.Family == b.Family && a.BirthDate == b.BirthDate && slices.Equal(a.Given, b.Given)
}

// meet adds the patient of a prescription or summary to the register's people, unless patients.json or another file
// has brought them already. One who bears a known person's identifier and is someone else is an error: the register
// could not tell whose record it is.
func (r *Register) meet(patient node.Patient) error {
	for _, id := range patient.Identifiers {
		for _, n := range r.bearers[id] {
			if same(r.people[n].Patient, patient) {
				return nil
			}
		}
		if len(r.bearers[id]) > 0 {
			return fmt.Errorf("the patient has the identifier of another person of this register")
		}
	}
	r.enrol(person{Patient: patient})
	return nil
}

// enrol adds a person, who may share an identifier with another.
func (r *Register) enrol(p person) {
	n := len(r.people)
	r.people = append(r.people, p)
	for _, id := range p.Identifiers {
		if !slices.Contains(r.bearers[id], n) {
			r.bearers[id] = append(r.bearers[id], n)
		}
	}
}

// readPatients reads the people of patients.json.
func (l *loader) readPatients(file string, source []byte) {
	var list struct {
		Patients []struct {
			Case     string          `json:"case"`
			Resource json.RawMessage `json:"resource"`
		} `json:"patients"`
	}
	if err := strictly(source, &list); err != nil {
		l.fault(file, err.Error())
		return
	}
	for i, entry := range list.Patients {
		patient, err := patientOf(entry.Resource)
		if err != nil {
			l.fault(file, fmt.Sprintf("patients[%d].resource: %s", i, err))
			continue
		}
		if entry.Case == "" {
			l.fault(file, fmt.Sprintf("patients[%d].case: a case needs its name", i))
			continue
		}
		l.register.enrol(person{name: entry.Case, Patient: *patient})
	}
}

// patientOf reads who a Patient resource is: the least that both sides of a border need.
func patientOf(resource []byte) (*node.Patient, error) {
	var p struct {
		ResourceType string `json:"resourceType"`
		Meta         struct {
			Security []node.Identifier `json:"security"`
		} `json:"meta"`
		Identifier []node.Identifier `json:"identifier"`
		Name       []struct {
			Use    string   `json:"use"`
			Family string   `json:"family"`
			Given  []string `json:"given"`
		} `json:"name"`
		Gender    string `json:"gender"`
		BirthDate string `json:"birthDate"`
	}
	if err := json.Unmarshal(resource, &p); err != nil {
		return nil, plainly(err)
	}
	switch {
	case p.ResourceType != "Patient":
		return nil, fmt.Errorf("a Patient expected")
	case len(p.Identifier) == 0 || slices.ContainsFunc(p.Identifier, func(id node.Identifier) bool { return id.System == "" || id.Value == "" }):
		return nil, fmt.Errorf("identifier: a person needs an identifier with its system")
	case len(p.Name) == 0 || p.Name[0].Family == "":
		return nil, fmt.Errorf("name: a person needs a family name")
	}
	patient := &node.Patient{Identifiers: p.Identifier, Family: p.Name[0].Family, Given: p.Name[0].Given,
		BirthDate: p.BirthDate, Sex: p.Gender}
	for _, label := range p.Meta.Security {
		patient.Protected = patient.Protected || label.System == addressProtection
	}
	return patient, nil
}

// addressProtection is the Finnish list whose mark says that an address must not be given out (turvakielto).
const addressProtection = "urn:oid:1.2.246.537.5.40203.201901"
