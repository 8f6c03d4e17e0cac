package compose

import (
	"strconv"
	"strings"

	"sild/internal/cda/oid"
	"sild/internal/xmldom"
)

// reporter is a test, of the standard kind or of a property.
type reporter interface {
	Helper()
	Errorf(format string, arguments ...any)
	Fatalf(format string, arguments ...any)
}

// parsed reads a document with the reader that foreign documents are read with.
func parsed(t reporter, source string) xmldom.Element {
	t.Helper()
	d, err := xmldom.Parse([]byte(source), xmldom.Limits{})
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	return d.Root()
}

// find follows a path in the manner of XPath from the root: names with / between them, pharm: for the pharmacy extension,
// // for any descendant, [n] for the nth of all that match and [@a=v] for an attribute. It ends in @attribute, text() or an element,
// of which the name is told. Several results are joined with a bar.
func find(root xmldom.Element, path string) string {
	path, last := strings.TrimSuffix(path, "/text()"), ""
	if strings.HasSuffix(path, "/text()") {
		last = "text()"
	}
	if at := strings.LastIndex(path, "/@"); at >= 0 {
		path, last = path[:at], path[at+1:]
	}
	found := []xmldom.Element{root}
	for _, step := range strings.Split(strings.ReplaceAll(path, "//", "/>"), "/") {
		if step != "" {
			found = take(found, step)
		}
	}
	var told []string
	for _, e := range found {
		switch {
		case strings.HasPrefix(last, "@"):
			if value, ok := attributeOf(e, last[1:]); ok {
				told = append(told, value)
			}
		default:
			told = append(told, e.Text())
		}
	}
	return strings.Join(told, "|")
}

func attributeOf(e xmldom.Element, name string) (string, bool) {
	for a := range e.Attributes() {
		if a.Local == strings.TrimPrefix(name, "xsi:") && (a.Prefix == "xsi") == strings.HasPrefix(name, "xsi:") {
			return a.Value, true
		}
	}
	return "", false
}

func take(from []xmldom.Element, step string) []xmldom.Element {
	step, deep := strings.CutPrefix(step, ">")
	name, conditions, _ := strings.Cut(step, "[")
	space := oid.V3
	if rest, ok := strings.CutPrefix(name, "pharm:"); ok {
		name, space = rest, oid.Pharm
	}
	var found []xmldom.Element
	for _, e := range from {
		found = append(found, named(e, space, name, deep)...)
	}
	for _, condition := range strings.Split(strings.TrimSuffix(conditions, "]"), "][") {
		found = filter(found, condition)
	}
	return found
}

func named(e xmldom.Element, space, name string, deep bool) []xmldom.Element {
	var found []xmldom.Element
	for child := range e.Children() {
		if child.Is(space, name) || name == "*" {
			found = append(found, child)
		}
		if deep {
			found = append(found, named(child, space, name, true)...)
		}
	}
	return found
}

func filter(found []xmldom.Element, condition string) []xmldom.Element {
	if condition == "" {
		return found
	}
	if n, err := strconv.Atoi(condition); err == nil {
		if n > len(found) {
			return nil
		}
		return found[n-1 : n]
	}
	name, want, _ := strings.Cut(strings.TrimPrefix(condition, "@"), "=")
	var kept []xmldom.Element
	for _, e := range found {
		if value, ok := attributeOf(e, name); ok && value == want {
			kept = append(kept, e)
		}
	}
	return kept
}
