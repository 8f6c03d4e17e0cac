package reading

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// quantity shows an amount: as it was written, and as it counts now.
func (w *writer) quantity(q node.Quantity) Value {
	if q.IsZero() {
		return Value{}
	}
	if q.Unit == nil {
		return Value{Original: q.Value, Translated: w.decimal(q.Value), Neutral: true}
	}
	v := w.coded(q.Unit)
	number, _ := q.Now()
	now := orElse(orElse(orElse(v.Translated, q.Unit.Rendered), sourceWords(q.Unit)), q.Unit.Current.Code)
	if per := q.Unit.Per(); per != nil {
		now += " / " + orElse(per.Display, per.Code)
	}
	v.Original = joined(" ", written(q), orElse(v.Original, q.Unit.Original().Code))
	v.Translated = joined(" ", w.decimal(withSign(number, written(q))), now)
	return v
}

// written is the number as the source wrote it, with a sign such as "less than" that the record keeps only there.
func written(q node.Quantity) string {
	if q.Unit != nil && q.Unit.Number != q.Value && strings.HasSuffix(q.Unit.Number, q.Value) && sign(q.Unit.Number) != "" {
		return q.Unit.Number
	}
	return q.Value
}

func withSign(number, source string) string {
	if before := sign(source); before != "" && sign(number) == "" {
		return before + number
	}
	return number
}

func sign(number string) string {
	return number[:len(number)-len(strings.TrimLeft(number, "<>=≤≥~"))]
}

// decimal writes a plain decimal the reader's way; anything else stays as it is.
func (w *writer) decimal(number string) string {
	if _, plain := node.Decimal(strings.TrimLeft(number, "<>=≤≥~")); plain && w.language != "en" {
		return strings.Replace(number, ".", ",", 1)
	}
	return number
}

// span shows a range of two amounts, or the one that is given.
func (w *writer) span(low, high node.Quantity) Value {
	switch {
	case high.IsZero():
		return w.quantity(low)
	case low.IsZero():
		return w.upTo(high)
	}
	return between(w.quantity(low), w.quantity(high), " – ")
}

func (w *writer) upTo(high node.Quantity) Value {
	v := w.quantity(high)
	v.Original, v.Translated, v.TranslatedIn = "≤ "+v.Original, w.fill("up-to", "{n}", v.Translated), w.language
	return v
}

// between joins two values into one with a sign between them.
func between(a, b Value, by string) Value {
	v := a
	v.Original, v.Translated = joined(by, a.Original, b.Original), joined(by, a.Words(), b.Words())
	v.OriginalCode, v.Code = joined(" ; ", a.OriginalCode, differing(a.OriginalCode, b.OriginalCode)), joined(" ; ", a.Code, differing(a.Code, b.Code))
	v.Neutral = a.Neutral && b.Neutral
	v.Marks = append(append([]Mark(nil), a.Marks...), b.Marks...)
	v.Slots = append(append([]*translation.Slot(nil), a.Slots...), b.Slots...)
	return v
}

func differing(known, other string) string {
	if other == known {
		return ""
	}
	return other
}

// joined puts a sign between the texts that are not empty.
func joined(by string, texts ...string) string {
	var kept []string
	for _, text := range texts {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, by)
}

// strength shows so much substance in so much medicine.
func (w *writer) strength(r *node.Ratio) Value {
	switch {
	case r == nil:
		return Value{}
	case r.Denominator.IsZero():
		return w.quantity(r.Numerator)
	case r.Numerator.IsZero():
		return between(Value{Original: "?", Translated: "?"}, w.quantity(r.Denominator), " / ")
	}
	return between(w.quantity(r.Numerator), w.quantity(r.Denominator), " / ")
}
