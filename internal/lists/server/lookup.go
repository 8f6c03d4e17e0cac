package server

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// parameters is the answer to $lookup and $translate.
type parameters struct {
	ResourceType string      `json:"resourceType"`
	Parameter    []parameter `json:"parameter"`
}

type parameter struct {
	Name         string `json:"name"`
	ValueString  string `json:"valueString"`
	ValueCode    string `json:"valueCode"`
	ValueURI     string `json:"valueUri"`
	ValueBoolean *bool  `json:"valueBoolean"`
	ValueCoding  struct {
		System string `json:"system"`
		Code   string `json:"code"`
	} `json:"valueCoding"`
	Part []parameter `json:"part"`
}

func (p parameters) check() error {
	if p.ResourceType != "Parameters" {
		return fmt.Errorf("the answer is a %s and no Parameters", p.ResourceType)
	}
	return nil
}

// asked sets a canonical URL as two parameters.
func asked(into url.Values, name, version, canonical string) {
	at, release, pinned := strings.Cut(canonical, "|")
	into.Set(name, at)
	if pinned {
		into.Set(version, release)
	}
}

// LookUp asks for the words of one code in a language.
func (c *Client) LookUp(ctx context.Context, system, code, language string) (*Concept, error) {
	at := c.address("CodeSystem/$lookup", url.Values{"system": {system}, "code": {code}, "displayLanguage": {language}})
	var said parameters
	if err := c.ask(ctx, at, language, &said); err != nil {
		return nil, err
	}
	if err := said.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	found := &Concept{System: system, Code: code}
	for _, p := range said.Parameter {
		switch p.Name {
		case "display":
			found.Display = p.ValueString
		case "designation":
			found.Designations = append(found.Designations, p.designation())
		}
	}
	return found, nil
}

func (p parameter) designation() Designation {
	var d Designation
	for _, part := range p.Part {
		switch part.Name {
		case "language":
			d.Language = part.ValueCode
		case "use":
			d.Use.Code = part.ValueCoding.Code
		case "value":
			d.Value = part.ValueString
		}
	}
	return d
}

// Match is one target of a code in a map.
type Match struct {
	System, Code, Equivalence, Comment string
	Conditional                        bool // holds only together with other codes
}

// Translate asks a map for the targets of one code. No match is no error.
func (c *Client) Translate(ctx context.Context, canonical, system, code string) ([]Match, error) {
	values := url.Values{"system": {system}, "code": {code}}
	asked(values, "url", "conceptMapVersion", canonical)
	at := c.address("ConceptMap/$translate", values)
	var said parameters
	if err := c.ask(ctx, at, "", &said); err != nil {
		return nil, err
	}
	if err := said.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	var found []Match
	result := false
	for _, p := range said.Parameter {
		switch {
		case p.Name == "result" && p.ValueBoolean != nil:
			result = *p.ValueBoolean
		case p.Name == "match":
			found = append(found, p.match())
		}
	}
	if result && len(found) == 0 {
		return nil, fmt.Errorf("%s: the server says that there is a match and gives none", at)
	}
	return found, nil
}

func (p parameter) match() Match {
	var m Match
	for _, part := range p.Part {
		switch part.Name {
		case "concept":
			m.System, m.Code = part.ValueCoding.System, part.ValueCoding.Code
		case "equivalence", "relationship":
			m.Equivalence = part.ValueCode
		case "comment", "message":
			m.Comment = part.ValueString
		case "product", "dependsOn":
			m.Conditional = true
		}
	}
	return m
}
