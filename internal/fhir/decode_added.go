package fhir

// isAdded says that a contact point wrote the element because the form demands it: the source does not say it.
func isAdded(v value) bool {
	return v.get("extension").there() && extension(v, extAdded).get("valueBoolean").text() == "true"
}

// allAdded says that nothing of a coded element is the source's.
func allAdded(v value) bool {
	if isAdded(v) {
		return true
	}
	list := v.get("coding")
	if !list.there() || v.get("text").there() || v.get("extension").there() {
		return false
	}
	for _, coding := range list.each {
		if !isAdded(coding) {
			return false
		}
	}
	return true
}

// claimAdded claims an element that a contact point added, but not the slot of the source's that may stand beside it.
func (d *decoder) claimAdded(v value) {
	d.claimed[v.at] = true
	d.holdAlone(v)
	for _, member := range v.each {
		if member.name() != "extension" {
			d.claim(member)
		}
	}
	for _, ext := range v.get("extension").each {
		if ext.get("url").text() != extCode {
			d.claim(ext)
		}
	}
}
