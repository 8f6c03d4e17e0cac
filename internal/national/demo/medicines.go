package demo

import (
	"bytes"
	"encoding/csv"
	"strings"

	"sild/internal/fhir"
	"sild/node"
)

// medicineColumns is the first row of medicines.csv: one row for each active substance of each package.
const medicineColumns = "vnr,part,name,atc,form,form_text,pack_items,pack_item_unit,item_content,item_content_unit," +
	"substance,substance_name,strength,strength_unit,per,per_unit,class"

// readMedicines reads the Finnish medicine list. Estonian prescriptions say all of it themselves.
func (l *loader) readMedicines(file string, source []byte) {
	if l.register.nation.format != fhir.FinnishR4 {
		l.skip(file, "this country's prescriptions need no medicine list")
		return
	}
	rows, err := csv.NewReader(bytes.NewReader(source)).ReadAll()
	if err != nil {
		l.fault(file, err.Error())
		return
	}
	if len(rows) == 0 || strings.Join(rows[0], ",") != medicineColumns {
		l.fault(file, "the first row must be "+medicineColumns)
		return
	}
	for _, row := range rows[1:] {
		medicine := medicineRow(row)
		l.medicines[medicine.VNR] = append(l.medicines[medicine.VNR], medicine)
	}
	for vnr, medicine := range l.medicines {
		if _, err := fhir.FinnishMedicine(medicine); err != nil {
			l.fault(file, "vnr "+vnr+": "+node.AsError(err).Detail)
		}
	}
}

func medicineRow(row []string) fhir.MedicineRow {
	return fhir.MedicineRow{
		VNR: row[0], Part: row[1], Name: row[2], ATC: row[3], Form: row[4], FormText: row[5],
		PackItems: row[6], PackItemUnit: row[7], ItemContent: row[8], ItemContentUnit: row[9],
		Substance: row[10], SubstanceName: row[11], Strength: row[12], StrengthUnit: row[13],
		Per: row[14], PerUnit: row[15], Class: row[16],
	}
}

// listed gives the entries of the medicine list for a prescription's product; none where the list does not have it, or
// the prescription names no product of the list.
func (l *loader) listed(p *node.Prescription) ([][]byte, error) {
	if p.Medication.Product == nil {
		return nil, nil
	}
	rows := l.medicines[p.Medication.Product.Original().Code]
	if len(rows) == 0 {
		return nil, nil
	}
	return fhir.FinnishMedicine(rows)
}
