package server

// Page is an expansion as FHIR writes it, in the answer of a server or in a value set that bears its own: all of it, or a part
// (ValueSet.expansion, R4 and R5).
type Page struct {
	Total    *int       `json:"total"`
	Offset   int        `json:"offset"`
	Next     string     `json:"next"` // R5: where the next page is
	Contains []Contains `json:"contains"`
}

// Contains is one entry of an expansion. An abstract one is no code to choose, it only groups those below it.
type Contains struct {
	System      string        `json:"system"`
	Code        string        `json:"code"`
	Display     string        `json:"display"`
	Abstract    bool          `json:"abstract"`
	Inactive    bool          `json:"inactive"`
	Designation []Designation `json:"designation"`
	Contains    []Contains    `json:"contains"`
}

// Designation is a name of a code in a language, for a purpose; without one it is the name to show.
type Designation struct {
	Language string `json:"language"`
	Value    string `json:"value"`
	Use      struct {
		Code string `json:"code"`
	} `json:"use"`
}
