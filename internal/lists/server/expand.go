package server

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
)

// Concept is one code of an expansion or a lookup, with its words.
type Concept struct {
	System, Code, Display string
	Designations          []Designation
	Inactive              bool
}

// Expansion is a whole value set.
type Expansion struct {
	URL, Version, Name, Status, Date, Copyright string
	OID                                         string
	Concepts                                    []Concept
}

type valueSet struct {
	ResourceType string `json:"resourceType"`
	URL          string `json:"url"`
	Version      string `json:"version"`
	Name         string `json:"name"`
	Status       string `json:"status"`
	Date         string `json:"date"`
	Copyright    string `json:"copyright"`
	Identifier   []struct {
		Value string `json:"value"`
	} `json:"identifier"`
	Expansion Page `json:"expansion"`
}

const mostPages = 10_000

// pages gathers the pages of one expansion and refuses those that do not fit together.
type pages struct {
	whole *Expansion
	total *int
	count int // entries so far, also abstract ones
	seen  map[[2]string]bool
}

// Expand asks for a value set by its canonical URL (with its version behind a bar), page by page, with the words of a
// language. It follows the server's link to the next page where there is one, else it counts on by itself. A set that changes
// while it is read, a page that is missing and one that comes twice are errors.
func (c *Client) Expand(ctx context.Context, canonical, language string, page int, progress func(int)) (*Expansion, error) {
	p := &pages{seen: map[[2]string]bool{}}
	next := c.page(canonical, language, 0, page)
	for n := 0; n < mostPages; n++ {
		set := &valueSet{}
		if err := c.ask(ctx, next, language, set); err != nil {
			return nil, err
		}
		got, err := p.take(set)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", next, err)
		}
		if p.count > c.mostCodes {
			return nil, fmt.Errorf("%s: the server gives more than %d codes", canonical, c.mostCodes)
		}
		progress(p.count)
		if p.done(set, got, page) {
			return p.whole, p.complete(canonical)
		}
		if next, err = c.after(set, canonical, language, p.count, page); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s: more than %d pages", canonical, mostPages)
}

// page is the address of one page.
func (c *Client) page(canonical, language string, offset, count int) *url.URL {
	parameters := url.Values{"offset": {strconv.Itoa(offset)}, "count": {strconv.Itoa(count)}, "includeDesignations": {"true"}}
	asked(parameters, "url", "valueSetVersion", canonical)
	if language != "" {
		parameters.Set("displayLanguage", language)
	}
	return c.address("ValueSet/$expand", parameters)
}

// after is the address of the page behind a page: the server's own, which must be of the same server, or the next offset.
func (c *Client) after(set *valueSet, canonical, language string, offset, count int) (*url.URL, error) {
	if set.Expansion.Next == "" {
		return c.page(canonical, language, offset, count), nil
	}
	next, err := c.base.Parse(set.Expansion.Next)
	if err != nil || !c.here(next) {
		return nil, fmt.Errorf("%s: the link to the next page leads to another server", canonical)
	}
	return next, nil
}

func (p *pages) take(set *valueSet) (got int, err error) {
	if set.ResourceType != "ValueSet" {
		return 0, fmt.Errorf("the answer is a %s and no ValueSet", set.ResourceType)
	}
	if p.whole == nil {
		p.whole = &Expansion{URL: set.URL, Version: set.Version, Name: set.Name, Status: set.Status, Date: set.Date, Copyright: set.Copyright}
		for _, one := range set.Identifier {
			if oid, is := cutOID(one.Value); is {
				p.whole.OID = oid
			}
		}
		p.total = set.Expansion.Total
	}
	if set.Version != p.whole.Version || !sameTotal(p.total, set.Expansion.Total) {
		return 0, errors.New("the value set changed while it was read: try again")
	}
	if set.Expansion.Offset != 0 && set.Expansion.Offset != p.count {
		return 0, fmt.Errorf("the page begins at %d instead of %d", set.Expansion.Offset, p.count)
	}
	before := p.count
	err = p.add(set.Expansion.Contains)
	return p.count - before, err
}

func cutOID(value string) (string, bool) {
	const prefix = "urn:oid:"
	if len(value) > len(prefix) && value[:len(prefix)] == prefix {
		return value[len(prefix):], true
	}
	return "", false
}

func sameTotal(a, b *int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func (p *pages) add(list []Contains) error {
	for _, one := range list {
		p.count++
		if !one.Abstract {
			key := [2]string{one.System, one.Code}
			if p.seen[key] {
				return fmt.Errorf("the code %q comes a second time: the server does not keep its pages apart; another page size may help", one.Code)
			}
			p.seen[key] = true
			p.whole.Concepts = append(p.whole.Concepts, one.concept())
		}
		if err := p.add(one.Contains); err != nil {
			return err
		}
	}
	return nil
}

func (c Contains) concept() Concept {
	return Concept{System: c.System, Code: c.Code, Display: c.Display, Inactive: c.Inactive, Designations: c.Designation}
}

// done says whether no page is left: the server's total is reached, or it has none and gave less than a page, or more (then it
// does not know pages).
func (p *pages) done(set *valueSet, got, page int) bool {
	if p.total != nil {
		return p.count >= *p.total || got == 0
	}
	return set.Expansion.Next == "" && got != page || got == 0
}

func (p *pages) complete(canonical string) error {
	if p.total != nil && p.count != *p.total {
		return fmt.Errorf("%s: the server speaks of %d codes and gave %d", canonical, *p.total, p.count)
	}
	return nil
}
