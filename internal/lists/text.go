package lists

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"sild/translation"
)

// softHyphen says where a word may be broken at the end of a line. It is not seen, and published lists hold it by mistake.
const softHyphen = "\u00ad"

// words is a text of a source on one line, without blanks around it. A letter that an earlier conversion lost, and a character
// that nobody sees, are errors: no table may hold them. Soft hyphens stay, for the list to take out and count: see plain.
func words(text string) (string, error) {
	if strings.ContainsRune(text, unicode.ReplacementChar) {
		return "", errors.New("a letter was lost before: the text holds U+FFFD")
	}
	line := strings.Join(strings.Fields(text), " ")
	if err := translation.CheckCell(strings.ReplaceAll(line, softHyphen, "")); err != nil {
		return "", fmt.Errorf("the text %w", err)
	}
	return line, nil
}

// plain is a text without soft hyphens, and counts it where it had some.
func (o *Outcome) plain(text string) string {
	if !strings.Contains(text, softHyphen) {
		return text
	}
	o.softened++
	return strings.TrimSpace(strings.ReplaceAll(text, softHyphen, ""))
}

// codeOf is a code without blanks around it. Blanks within it are part of it, anything else that cannot be seen is an error.
func codeOf(text string) (string, error) {
	code := strings.TrimSpace(text)
	if err := translation.CheckCell(code); err != nil {
		return "", fmt.Errorf("the code %q %w", code, err)
	}
	for _, r := range code {
		if r == unicode.ReplacementChar || unicode.IsSpace(r) && r != ' ' {
			return "", fmt.Errorf("the code %q holds a character that cannot be seen", code)
		}
	}
	if code == "*" || strings.HasPrefix(code, "~") {
		return "", fmt.Errorf("the code %q means something else in the tables", code)
	}
	return code, nil
}

var tag = regexp.MustCompile(`^[a-z]{2,3}$`)

// language is the language of a tag without its region: en of en-GB, which is how the tables name their columns.
func language(text string) (string, error) {
	name, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), "_", "-"), "-")
	if !tag.MatchString(name) {
		return "", fmt.Errorf("%q is no language", text)
	}
	return name, nil
}

var (
	isoDay    = regexp.MustCompile(`^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:T.*)?$`)
	dottedDay = regexp.MustCompile(`^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})$`)
)

// day reads a date as 2026-11-01 (also without day or month: the first one) or, where dotted, as 1.11.2026. Nothing gives
// nothing.
func day(text string, dotted bool) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	var year, month, date string
	if found := dottedDay.FindStringSubmatch(text); dotted && found != nil {
		date, month, year = found[1], found[2], found[3]
	} else if found := isoDay.FindStringSubmatch(text); !dotted && found != nil {
		year, month, date = found[1], found[2], found[3]
	} else {
		return "", fmt.Errorf("%q is no day", text)
	}
	whole := year + "-" + twoDigits(month) + "-" + twoDigits(date)
	if _, err := time.Parse(time.DateOnly, whole); err != nil {
		return "", fmt.Errorf("the day %q does not exist", text)
	}
	return whole, nil
}

func twoDigits(part string) string {
	switch len(part) {
	case 0:
		return "01"
	case 1:
		return "0" + part
	}
	return part
}

var plainDecimal = regexp.MustCompile(`^[0-9]{1,20}(\.[0-9]{1,20})?$`)

// number is a decimal as it is written, with a point. A comma is read as one only where the list is declared to write it so.
func number(text string, comma bool) (string, error) {
	text = strings.TrimSpace(text)
	read := text
	if comma {
		if strings.Contains(text, ".") {
			return "", fmt.Errorf("%q has a point in a list that writes the decimal comma", text)
		}
		read = strings.Replace(text, ",", ".", 1)
	}
	if text == "" || plainDecimal.MatchString(read) {
		return read, nil
	}
	if strings.Contains(text, ",") {
		return "", fmt.Errorf("%q has a comma: declare the decimal comma in the layout", text)
	}
	return "", fmt.Errorf("%q is no plain decimal", text)
}
