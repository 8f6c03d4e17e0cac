package translation

import (
	"math/big"
	"strings"
)

// maxDigits bounds a decimal that is taken in, so that a hostile number costs nothing.
const maxDigits = 40

// plain says whether the text is a decimal as quantities may write it: digits, and perhaps a point with digits after
// it. A sign, an exponent, a comma or a blank is refused, since each has been read differently by some receiver.
func plain(text string) bool {
	if len(text) > maxDigits {
		return false
	}
	whole, fraction, point := strings.Cut(text, ".")
	return digits(whole) && (!point || digits(fraction))
}

func digits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// zero says whether a plain decimal counts nothing.
func zero(text string) bool { return strings.Trim(text, "0.") == "" }

// rational is an exact conversion factor. The zero value and one leave a number as it was written.
type rational struct{ r *big.Rat }

// parseRational reads a factor as the tables write it: a positive whole number, or one such number over another.
func parseRational(text string) (rational, bool) {
	above, below, fraction := strings.Cut(text, "/")
	if !digits(above) || len(text) > maxDigits || (fraction && !digits(below)) {
		return rational{}, false
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok || r.Sign() <= 0 {
		return rational{}, false
	}
	return rational{r}, true
}

// one says that a factor as the tables write it converts nothing.
func one(factor string) bool {
	r, ok := parseRational(factor)
	return factor == "" || (ok && r.one())
}

func (f rational) one() bool {
	return f.r == nil || (f.r.IsInt() && f.r.Num().IsInt64() && f.r.Num().Int64() == 1)
}

// times multiplies a plain decimal exactly. It fails when the product has no finite decimal form.
func (f rational) times(number string) (string, bool) {
	if f.one() {
		return number, true
	}
	return f.scaled(number, func(n *big.Rat) { n.Mul(n, f.r) })
}

// into divides a plain decimal by the factor, exactly or not at all.
func (f rational) into(number string) (string, bool) {
	if f.one() {
		return number, true
	}
	return f.scaled(number, func(n *big.Rat) { n.Quo(n, f.r) })
}

func (f rational) scaled(number string, scale func(*big.Rat)) (string, bool) {
	n, ok := new(big.Rat).SetString(number)
	if !ok {
		return "", false
	}
	scale(n)
	places, finite := n.FloatPrec()
	if !finite {
		return "", false
	}
	return n.FloatString(places), true
}
