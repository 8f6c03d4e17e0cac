package fhir

import (
	"encoding/base64"
	"unicode/utf8"
)

// writer appends JSON to one buffer. Commas set themselves, because the byte before a new member tells whether one is
// due: after an opening bracket, a colon or a comma none is, after any value one is. What is absent writes nothing, and an
// object or array that stayed empty is taken back, so that no empty element is ever sent (FHIR R4 2.6.2).
type writer struct {
	b     []byte
	trail *trail // kept where whoever writes must know the paths of what is written
}

func (w *writer) comma() {
	if n := len(w.b); n > 0 {
		switch w.b[n-1] {
		case '{', '[', ':', ',':
		default:
			w.b = append(w.b, ',')
		}
	}
}

// name starts a member. An empty name starts an item of an array.
func (w *writer) name(name string) {
	w.comma()
	if name != "" {
		w.b = append(w.b, '"')
		w.b = append(w.b, name...)
		w.b = append(w.b, '"', ':')
	}
}

// open starts a member or item that is an object or an array and gives the mark that close needs.
func (w *writer) open(name string, bracket byte) int {
	mark := len(w.b)
	w.name(name)
	w.b = append(w.b, bracket)
	if w.trail != nil {
		w.trail.push(name, bracket == '[')
	}
	return mark
}

func (w *writer) object(name string) int { return w.open(name, '{') }
func (w *writer) array(name string) int  { return w.open(name, '[') }

// close ends what open started, or takes it back when nothing was written into it.
func (w *writer) close(mark int) {
	last := w.b[len(w.b)-1]
	empty := last == '{' || last == '['
	if w.trail != nil {
		w.trail.pop(empty)
	}
	if empty {
		w.b = w.b[:mark]
		return
	}
	// The bracket stands at the mark, or behind the comma and the name that follow it.
	at := mark
	if w.b[at] == ',' {
		at++
	}
	if w.b[at] == '"' {
		for at++; w.b[at] != '"'; at++ {
		}
		at += len(`":`)
	}
	if w.b[at] == '{' {
		w.b = append(w.b, '}')
	} else {
		w.b = append(w.b, ']')
	}
}

// text writes a string member, or nothing when it is empty: FHIR knows no empty strings.
func (w *writer) text(name, value string) {
	if value != "" {
		w.name(name)
		w.b = appendQuoted(w.b, value)
	}
}

// raw writes a number as its decimal text, or nothing when it is empty. The caller has checked that it is one.
func (w *writer) raw(name, value string) {
	if value != "" {
		w.name(name)
		w.b = append(w.b, value...)
	}
}

func (w *writer) boolean(name string, value bool) {
	w.name(name)
	if value {
		w.b = append(w.b, "true"...)
	} else {
		w.b = append(w.b, "false"...)
	}
}

// maybe writes a boolean that may be absent, which is neither true nor false.
func (w *writer) maybe(name string, value *bool) {
	if value != nil {
		w.boolean(name, *value)
	}
}

// bytes writes base64.
func (w *writer) bytes(name string, value []byte) {
	w.name(name)
	w.b = append(w.b, '"')
	w.b = base64.StdEncoding.AppendEncode(w.b, value)
	w.b = append(w.b, '"')
}

// extension starts an extension in an open array of extensions.
func (w *writer) extension(url string) int {
	mark := len(w.b)
	w.comma()
	w.b = append(w.b, `{"url":"`...)
	w.b = append(w.b, url...)
	w.b = append(w.b, '"')
	if w.trail != nil {
		w.trail.push("", false)
	}
	return mark
}

// part writes one simple extension in an open array of extensions, or nothing when the value is empty.
func (w *writer) part(url, name, value string) {
	if value != "" {
		mark := w.extension(url)
		w.text(name, value)
		w.close(mark)
	}
}

// flag writes one boolean extension, or nothing when it is false.
func (w *writer) flag(url string, value bool) {
	if value {
		mark := w.extension(url)
		w.boolean("valueBoolean", true)
		w.close(mark)
	}
}

const hexDigits = "0123456789abcdef"

// appendQuoted appends a JSON string. Bytes that are no UTF-8 become the replacement character; the reader lets none in.
// Nearly every text can stand as it is, so it is copied first and looked at in the copy.
func appendQuoted(b []byte, s string) []byte {
	from := len(b) + 1
	b = append(append(append(b, '"'), s...), '"')
	if plainEnd(b, from) == len(b)-1 && utf8.ValidString(s) {
		return b
	}
	b = b[:from]
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			b = append(b, "\uFFFD"...)
		case size == 1:
			b = appendEscaped(b, s[at])
		default:
			b = append(b, s[at:at+size]...)
		}
		at += size
	}
	return append(b, '"')
}

func appendEscaped(b []byte, c byte) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(b, '\\', c)
	case c == '\n':
		return append(b, '\\', 'n')
	case c == '\r':
		return append(b, '\\', 'r')
	case c == '\t':
		return append(b, '\\', 't')
	case c < 0x20:
		return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	}
	return append(b, c)
}
