package fhir

import (
	"sild/node"
)

// MedicineRow is one line of the Finnish demo medicine list: one active substance of one package. A package with
// several substances has several rows with the same VNR; a combination pack numbers its parts from 1.
type MedicineRow struct {
	VNR, Part                    string
	Name, ATC                    string
	Form, FormText               string // code and Finnish word of the dose form (1.2.246.537.6.852)
	PackItems, PackItemUnit      string // items in one package; code of the demo list of units
	ItemContent, ItemContentUnit string // content of one item that is a container, else empty
	Substance, SubstanceName     string // ATC code of the single substance
	Strength, StrengthUnit       string
	Per, PerUnit                 string
	Class                        string
}

// FinnishMedicine writes the entries that a register adds to a prescription's Bundle for one package of the medicine
// list: one Medication `list-<vnr>`, and for a combination pack one more for each part. The decoder of the Finnish form
// takes dose form, substances, strength and package size from them. The rows are those of one VNR. An error is a
// *node.Error of kind Invalid.
func FinnishMedicine(rows []MedicineRow) ([][]byte, error) {
	if len(rows) == 0 {
		return nil, invalid("medicine.empty", "A medicine of the list needs at least one row.")
	}
	if err := checkRows(rows); err != nil {
		return nil, err
	}
	id := listPrefix + rows[0].VNR
	parts := partsOf(rows)
	if len(parts) == 1 && parts[0][0].Part == "" {
		return [][]byte{listEntry(id, rows, nil)}, nil
	}
	entries := [][]byte{nil}
	var ids []string
	for _, part := range parts {
		ids = append(ids, id+"-"+part[0].Part)
		entries = append(entries, listEntry(id+"-"+part[0].Part, part, nil))
	}
	entries[0] = listEntry(id, nil, ids)
	return entries, nil
}

func checkRows(rows []MedicineRow) error {
	for _, row := range rows {
		if row.VNR == "" || row.VNR != rows[0].VNR {
			return invalid("medicine.vnr", "The rows of a medicine share one package number.")
		}
		for _, number := range []string{row.PackItems, row.ItemContent, row.Strength, row.Per} {
			if _, ok := node.Decimal(number); number != "" && (!ok || !isNumber(number)) {
				return invalid("medicine.number", "A number of the medicine list is not a plain decimal.")
			}
		}
	}
	return nil
}

// partsOf groups the rows by part, in the order of their first row.
func partsOf(rows []MedicineRow) [][]MedicineRow {
	var parts [][]MedicineRow
	for _, row := range rows {
		found := false
		for i := range parts {
			if parts[i][0].Part == row.Part {
				parts[i], found = append(parts[i], row), true
			}
		}
		if !found {
			parts = append(parts, []MedicineRow{row})
		}
	}
	return parts
}

// listEntry writes one Medication; rows are its substances, ids the parts of a combination pack.
func listEntry(id string, rows []MedicineRow, ids []string) []byte {
	var w writer
	entry := w.object("")
	w.text("fullUrl", "https://register.example/fi/Medication/"+id)
	resource := w.object("resource")
	w.text("resourceType", "Medication")
	w.text("id", id)
	w.listTag()
	if len(rows) > 0 {
		w.listHead(rows[0])
	}
	list := w.array("ingredient")
	for _, row := range rows {
		w.listIngredient(row)
	}
	for _, part := range ids {
		item := w.object("")
		ref := w.object("itemReference")
		w.text("reference", "Medication/"+part)
		w.close(ref)
		w.close(item)
	}
	w.close(list)
	w.close(resource)
	w.close(entry)
	return w.b
}

func (w *writer) listTag() {
	meta := w.object("meta")
	tags := w.array("tag")
	w.code("", systemDemo, medicineList, "")
	w.close(tags)
	w.close(meta)
}

func (w *writer) code(name, system, code, display string) {
	if code == "" {
		return
	}
	mark := w.object(name)
	w.text("system", system)
	w.text("code", code)
	w.text("display", display)
	w.close(mark)
}

// listHead writes what the whole package is. Name and ATC code are written for a part only: those of the package stand
// in the prescription.
func (w *writer) listHead(row MedicineRow) {
	extensions := w.array("extension")
	if row.Part != "" {
		w.part(extKantaDrug, "valueString", row.Name)
	}
	if row.ItemContent != "" {
		mark := w.extension(extSizeOfItem)
		w.doseUnits("valueQuantity", row.ItemContent, row.ItemContentUnit)
		w.close(mark)
	}
	w.close(extensions)
	if row.Part != "" {
		w.oneCode("code", systemFinnishATC, row.ATC, "")
	}
	w.oneCode("form", systemFinnishForm, row.Form, row.FormText)
	if row.PackItems != "" {
		amount := w.object("amount")
		w.doseUnits("numerator", row.PackItems, row.PackItemUnit)
		per := w.object("denominator")
		w.raw("value", "1")
		w.text("unit", packageUnit)
		w.text("system", systemUCUM)
		w.text("code", packageCode)
		w.close(per)
		w.close(amount)
	}
}

func (w *writer) oneCode(name, system, code, display string) {
	if code == "" {
		return
	}
	mark := w.object(name)
	list := w.array("coding")
	w.code("", system, code, display)
	w.close(list)
	w.close(mark)
}

func (w *writer) doseUnits(name, number, unit string) {
	mark := w.object(name)
	w.raw("value", number)
	if unit != "" {
		w.text("system", systemDemoUnit)
		w.text("code", unit)
	}
	w.close(mark)
}

func (w *writer) listIngredient(row MedicineRow) {
	if row.Substance == "" {
		return
	}
	mark := w.object("")
	w.oneCode("itemCodeableConcept", systemFinnishATC, row.Substance, row.SubstanceName)
	w.boolean("isActive", true)
	if row.Strength != "" {
		strength := w.object("strength")
		w.doseUnits("numerator", row.Strength, row.StrengthUnit)
		w.doseUnits("denominator", row.Per, row.PerUnit)
		w.close(strength)
	}
	w.close(mark)
}
