package demo

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"sild/node"
)

// mostFaults bounds how many faults of one file are named.
const mostFaults = 50

// everyFault lists what the tongue refuses in a document, each with its place. The tongue stops at the first fault; to
// see those behind it, the value it named is taken out of a copy and the rest is judged again. That goes on as long as
// the fault is one of form, which taking a value out cannot cause.
func (l *loader) everyFault(source []byte, first error) []string {
	var faults []string
	var rest any
	for err := first; err != nil && len(faults) < mostFaults; {
		e := node.AsError(err)
		if len(faults) > 0 && !ofForm(e.Reason) {
			break
		}
		faults = append(faults, strings.TrimSuffix(e.Detail, "."))
		place, _, _ := strings.Cut(e.Detail, ": ")
		if rest == nil && !unmarshalExactly(source, &rest) || !takeOut(rest, place) {
			break
		}
		copied, broken := json.Marshal(rest)
		if broken != nil {
			break
		}
		_, err = l.decode(copied)
	}
	return faults
}

// ofForm says that the fault lies in one value alone.
func ofForm(reason string) bool {
	switch reason {
	case "fhir.type", "fhir.date", "fhir.case", "fhir.modifier":
		return true
	}
	return false
}

func unmarshalExactly(source []byte, into *any) bool {
	reader := json.NewDecoder(bytes.NewReader(source))
	reader.UseNumber()
	return reader.Decode(into) == nil
}

// takeOut removes the member that a place such as entry[0].resource.code names, and what holds nothing else than it. A
// place that ends in an array takes the array's whole member, because removing an item would rename those behind it.
func takeOut(document any, place string) bool {
	var steps []any
	for _, name := range strings.Split(place, ".") {
		name, indexes, _ := strings.Cut(name, "[")
		steps = append(steps, name)
		for index := range strings.SplitSeq(strings.TrimSuffix(indexes, "]"), "][") {
			if n, err := strconv.Atoi(index); err == nil {
				steps = append(steps, n)
			}
		}
	}
	taken, _ := cutAt(document, steps)
	return taken
}

// cutAt removes what the steps lead to and says whether it did, and whether the value is empty now and must go too.
func cutAt(value any, steps []any) (taken, gone bool) {
	if len(steps) == 0 {
		return true, true
	}
	switch step := steps[0].(type) {
	case string:
		object, ok := value.(map[string]any)
		inner, there := object[step]
		if !ok || !there {
			return false, false
		}
		taken, gone = cutAt(inner, steps[1:])
		if gone {
			delete(object, step)
		}
		return taken, gone && len(object) == 0
	case int:
		list, ok := value.([]any)
		if !ok || step >= len(list) {
			return false, false
		}
		return cutAt(list[step], steps[1:])
	}
	return false, false
}
