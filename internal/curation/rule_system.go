package curation

import (
	"regexp"
	"slices"
	"strings"
)

const oidPrefix = "urn:oid:"

// The forms of the names of a code system. An OID: ITU-T X.660, the first arc is at most two, no arc begins with a zero. Behind
// urn:oid: a document may also write a plain word. A URI is one that code systems have: https, http or urn.
var (
	oidForm  = regexp.MustCompile(`^([01]\.([0-9]|[123][0-9])|2\.(0|[1-9][0-9]*))(\.(0|[1-9][0-9]*))+$`)
	wordForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	uriForm  = regexp.MustCompile(`^(https?://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]+)?(/[A-Za-z0-9._~%+=@-]*)*([?#][!-~]*)?|urn:[a-z][a-z0-9-]+(:[A-Za-z0-9._-]+)+)$`)
)

// roots are the registrations under which a country names its code systems, or nobody but a community of countries may.
var roots = []struct{ begins, country string }{
	{oidPrefix + "1.2.246.", "fi"}, {oidPrefix + "1.3.6.1.4.1.28284.", "ee"}, {"https://fhir.ee/", "ee"}, {"http://ravimiregister.ee/", "ee"},
	{oidPrefix + "1.2.208.", "dk"}, {"urn:sild:demo:ee-", "ee"}, {"urn:sild:demo:fi-", "fi"},
	{oidPrefix + "2.16.840.1.113883.", ""}, {oidPrefix + "1.3.6.1.4.1.12559.11.10.1.3.", ""}, {"http://hl7.org/", ""}, {"http://terminology.hl7.org/", ""},
	{"http://hl7europe.org/", ""},
}

// names are all that a row of systems.csv calls its code system.
func (t *table) names(r row) []string {
	var names []string
	if uri := t.cell(r, "uri"); uri != "" {
		names = append(names, uri)
	}
	if oid := t.cell(r, "oid"); oid != "" && !slices.Contains(names, oidPrefix+oid) {
		names = append(names, oidPrefix+oid)
	}
	return names
}

// systems checks the names of the code systems: their form, that each stands for one system, that a country's systems stand
// under its own registration, and that a second reader says the same of each.
func (c *checker) systems() {
	said, owner, named := c.systemReadings(), map[string]string{}, map[string]bool{}
	for _, t := range c.tables.systems {
		unread := 0
		for _, r := range t.rows {
			short, use := t.cell(r, "short"), "alias"
			if !named[short] {
				named[short], use = true, "canonical"
			}
			if t.contradicts(r) {
				c.add(t.finding(RuleSystem, r, short, "the URI is an OID, and the column oid does not say the same"))
			}
			for _, name := range t.names(r) {
				if wrong := misnamed(short, name, t.layer == 0); wrong != "" {
					c.add(t.finding(RuleSystem, r, short, wrong))
				}
				other, taken := owner[name]
				if taken && other == short {
					continue // a later source may repeat what is known
				}
				if taken {
					c.add(t.finding(RuleSystem, r, short, name+" stands for "+other+" already"))
				}
				owner[name] = short
				if !c.sameName(said, t, r, name, use) {
					unread++
				}
			}
		}
		c.unreadNames(t, unread)
	}
	for name, reading := range said {
		if _, known := owner[name]; !known {
			c.add(reading.t.finding(RuleSystem, reading.r, reading.t.cell(reading.r, "system"), "the second reader knows the name "+name+
				", and no row of "+systemsFile+" has it any more"))
		}
	}
}

// contradicts says that a row whose URI is an OID has another one beside it.
func (t *table) contradicts(r row) bool {
	oid, numbered := strings.CutPrefix(t.cell(r, "uri"), oidPrefix)
	return numbered && oidForm.MatchString(oid) && oid != t.cell(r, "oid")
}

// misnamed says why a code system cannot be called so. What the project ships names a country in the short name of every
// system of that country.
func misnamed(short, name string, own bool) string {
	oid, numbered := strings.CutPrefix(name, oidPrefix)
	switch {
	case numbered && !oidForm.MatchString(oid) && !wordForm.MatchString(oid):
		return oid + " is no OID"
	case !numbered && !uriForm.MatchString(name):
		return name + " is no URI of a code system"
	}
	country := countryOf(short)
	for _, root := range roots {
		if strings.HasPrefix(name, root.begins) && root.country != country && (own || country != "") {
			return name + " is registered under " + root.begins + ", where the names of " + short + " do not stand"
		}
	}
	return ""
}

// countryOf is the country whose registrations are known and by which a short name begins.
func countryOf(short string) string {
	country, _, _ := strings.Cut(short, "-")
	for _, root := range roots {
		if root.country == country {
			return country
		}
	}
	return ""
}

// systemReadings are what second readers say of each name of a code system.
func (c *checker) systemReadings() map[string]way {
	said := map[string]way{}
	for _, t := range c.tables.of(kindSystemReading) {
		for _, r := range t.rows {
			said[t.cell(r, "code")] = way{t, r}
		}
	}
	return said
}

// sameName compares one name with what the second reader says, and says whether one knows it.
func (c *checker) sameName(said map[string]way, t *table, r row, name, use string) bool {
	reading, known := said[name]
	if !known {
		return false
	}
	short, relation := reading.t.cell(reading.r, "system"), reading.t.cell(reading.r, "relation")
	switch {
	case short != t.cell(r, "short"):
		c.add(t.finding(RuleSystem, r, t.cell(r, "short"), "the second reader says that "+name+" is "+short))
	case relation != use:
		c.add(t.finding(RuleSystem, r, short, name+" is here the "+use+" name, and the second reader says "+relation))
	}
	return true
}

// unreadNames counts names that no second reader knows. A source that brings readings has all of its names read.
func (c *checker) unreadNames(t *table, unread int) {
	if unread == 0 {
		return
	}
	f := t.finding(RuleSystem, row{}, "", numbered(unread, "name")+" of code systems read by one reader only")
	f.Broken = slices.ContainsFunc(c.tables.of(kindSystemReading), func(reading *table) bool { return reading.layer == t.layer })
	c.add(f)
}
