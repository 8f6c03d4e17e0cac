package translation

// Coding is one code as it was written: a code system (a URI; for an OID the form urn:oid:…), its version when known,
// the code, and the display with its language (BCP 47) when known. A display is shown, never trusted.
type Coding struct {
	System   string `json:"system,omitempty"`
	Version  string `json:"version,omitempty"`
	Code     string `json:"code,omitempty"`
	Display  string `json:"display,omitempty"`
	Language string `json:"language,omitempty"`
}

// IsZero says that nothing was written.
func (c Coding) IsZero() bool { return c.System == "" && c.Code == "" && c.Display == "" }

// Same says that two codings name the same concept: system and code agree. Display and version do not decide.
func (c Coding) Same(other Coding) bool { return c.System == other.System && c.Code == other.Code }

// Relation says how the target of a map lies to its source (ISO 21564, FHIR ConceptMap).
type Relation string

// The relations of a concept map. Wider means that the target says less than the source.
const (
	Equivalent Relation = "equivalent"
	Wider      Relation = "wider"
	Narrower   Relation = "narrower"
	Inexact    Relation = "inexact"
	None       Relation = "none"
)

// Span is a byte range of a source document: from Start up to, not including, End. The zero span means "not in the
// source".
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Len is the number of bytes in the span.
func (s Span) Len() int { return s.End - s.Start }

// In says that the span lies inside one of the others. The zero span is of no source, so it lies nowhere.
func (s Span) In(others []Span) bool {
	if s == (Span{}) {
		return false
	}
	for _, other := range others {
		if s.Start >= other.Start && s.End <= other.End {
			return true
		}
	}
	return false
}
