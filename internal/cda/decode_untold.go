package cda

import "sild/internal/xmldom"

// untold says that an administration tells something of how the medicine is taken that was not taken into the record: a
// rate, a site, a most, a second phase. What turns such a part round, such as a bound that is not part of its range, is that
// too. A reference only leads to words, perhaps of a section that is withheld.
func (d *decoder) untold(administration xmldom.Element) bool {
	for part := range administration.Children() {
		if !ofDosage(part) {
			continue
		}
		for i := part.Index(); i < part.End(); i++ {
			e := d.xml.At(i)
			if !d.claimed[i] && speaks(e) && e.Local() != "reference" || !d.heeded[i] && turns(e) != "" {
				return true
			}
		}
	}
	return false
}

// ofDosage says that a part of an administration tells how the medicine is taken (CDA R2 POCD_MT000040 SubstanceAdministration).
// Its words are not among them: they stand beside the sentence.
func ofDosage(part xmldom.Element) bool {
	switch part.Local() {
	case "effectiveTime", "repeatNumber", "routeCode", "approachSiteCode", "doseQuantity", "rateQuantity", "maxDoseQuantity",
		"administrationUnitCode", "precondition":
		return known(part)
	}
	return false
}
