package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"

	"sild/internal/fhir"
	"sild/internal/tongues"
	"sild/node"
)

// loader reads a directory of any layout. A file is known by what it is: patients and rights by their members, a
// prescription as a collection Bundle, a summary as a document Bundle, the medicine list by its name. Other files are
// passed over with a note; those of ours that cannot be read are all collected, so that one reading shows every fault.
type loader struct {
	register *Register
	files    fs.FS
	faults   []error

	medicines map[string][]fhir.MedicineRow // by VNR
	// The kinds are read in this order, whatever the order of the files: people first, their rights last.
	patients, persons, prescriptions, summaries, rights []found
}

// found is a file whose kind is known.
type found struct {
	file   string
	source []byte
}

func (l *loader) fault(file, what string) {
	l.faults = append(l.faults, fmt.Errorf("%s: %s", file, what))
}

func (l *loader) skip(file, why string) {
	l.register.skipped = append(l.register.skipped, file+": "+why)
}

// walk sorts every file below the root into its kind.
func (l *loader) walk() {
	err := fs.WalkDir(l.files, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source, err := fs.ReadFile(l.files, file)
		if err != nil {
			return err
		}
		switch {
		case path.Base(file) == "medicines.csv":
			l.readMedicines(file, source)
		case path.Ext(file) == ".json":
			l.sort(found{file, source})
		case path.Ext(file) == ".xml":
			l.sortClinical(found{file, source})
		default:
			l.skip(file, "not a file of a register")
		}
		return nil
	})
	if err != nil {
		l.faults = append(l.faults, fmt.Errorf("the register's directory cannot be read: %w", err))
	}
}

// head is as much of a JSON file as tells what it is.
type head struct {
	ResourceType string          `json:"resourceType"`
	Type         string          `json:"type"`
	Patients     json.RawMessage `json:"patients"`
	Consents     json.RawMessage `json:"consents"`
	Restrictions json.RawMessage `json:"restrictions"`
	OptOuts      json.RawMessage `json:"optOuts"`
	Entry        []struct {
		Resource struct {
			ResourceType string `json:"resourceType"`
		} `json:"resource"`
	} `json:"entry"`
}

func (h head) holds(resourceType string) bool {
	for _, entry := range h.Entry {
		if entry.Resource.ResourceType == resourceType {
			return true
		}
	}
	return false
}

// sort puts a JSON file to its kind. A file that is no JSON at all might have been anything, so it is a fault.
func (l *loader) sort(f found) {
	var h head
	if err := json.Unmarshal(f.source, &h); err != nil {
		var shape *json.UnmarshalTypeError
		if !errors.As(err, &shape) || shape.Field == "" {
			l.notOurs(f, err)
			return
		}
	}
	switch {
	case h.ResourceType == "Bundle" && h.Type == "document":
		l.summaries = append(l.summaries, f)
	case h.ResourceType == "Bundle" && h.holds("MedicationRequest"):
		l.prescriptions = append(l.prescriptions, f)
	case h.ResourceType == "MedicationRequest":
		l.alone(f)
	case h.ResourceType == "Patient":
		l.persons = append(l.persons, f)
	case h.ResourceType != "":
		l.skip(f.file, "a "+h.ResourceType+" that is no prescription, summary or person")
	case h.Patients != nil:
		l.patients = append(l.patients, f)
	case h.Consents != nil || h.Restrictions != nil || h.OptOuts != nil:
		l.rights = append(l.rights, f)
	default:
		l.skip(f.file, "not a file of a register")
	}
}

// notOurs passes over JSON that is no object; what is no JSON is a fault.
func (l *loader) notOurs(f found, err error) {
	if json.Valid(f.source) {
		l.skip(f.file, "not a file of a register")
		return
	}
	l.fault(f.file, plainly(err).Error())
}

// sortClinical puts a CDA document to its kind.
func (l *loader) sortClinical(f found) {
	d, err := l.decode(f.source)
	switch {
	case err != nil:
		l.refused(f.file, f.source, err)
	case d.Summary != nil:
		l.summaries = append(l.summaries, f)
	default:
		l.prescriptions = append(l.prescriptions, f)
	}
}

func (l *loader) decode(source []byte) (*node.Document, error) {
	return tongues.New("", "", l.register.tables).Decode(source)
}

// alone judges a MedicationRequest outside a Bundle: a register cannot answer it without its medicine and patient, and
// passing it over would lose a prescription.
func (l *loader) alone(f found) {
	_, err := l.decode(f.source)
	if err == nil || node.AsError(err).Reason == "fhir.format" {
		l.fault(f.file, "a MedicationRequest alone: it belongs into a collection Bundle with its Medication and Patient")
		return
	}
	l.refused(f.file, f.source, err)
}

// refused notes every fault of a document that the tongue does not read.
func (l *loader) refused(file string, source []byte, first error) {
	for _, what := range l.everyFault(source, first) {
		l.fault(file, what)
	}
}

// settle reads the files of each kind.
func (l *loader) settle() {
	for _, kind := range []struct {
		files []found
		read  func(file string, source []byte)
	}{
		{l.patients, l.readPatients}, {l.persons, l.readPerson}, {l.prescriptions, l.readPrescription},
		{l.summaries, l.readSummary}, {l.rights, l.readRights},
	} {
		for _, f := range kind.files {
			kind.read(f.file, f.source)
		}
	}
}

// strictly reads one of the register's own JSON files: an unknown member is a mistyped one.
func strictly(source []byte, into any) error {
	reader := json.NewDecoder(bytes.NewReader(source))
	reader.DisallowUnknownFields()
	if err := reader.Decode(into); err != nil {
		return plainly(err)
	}
	if reader.More() {
		return errors.New("something follows the end of the document")
	}
	return nil
}

// plainly says what is wrong with JSON without repeating its values.
func plainly(err error) error {
	var syntax *json.SyntaxError
	var shape *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d", syntax.Offset)
	case errors.As(err, &shape):
		return fmt.Errorf("%s: %s expected, %s found", shape.Field, jsonKind(shape.Type.Kind()), shape.Value)
	}
	return err
}

// jsonKind is the JSON word for what a Go type reads.
func jsonKind(kind reflect.Kind) string {
	switch kind {
	case reflect.Slice:
		return "array"
	case reflect.Struct:
		return "object"
	}
	return kind.String()
}
