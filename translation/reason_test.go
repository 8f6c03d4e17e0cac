package translation

import "testing"

func TestAReasonBeginsWithItsClass(t *testing.T) {
	cases := []struct {
		remark string
		class  ReasonClass
		words  string
	}{
		{"in-doubt: two readings disagree: a gap", InDoubt, "two readings disagree: a gap"},
		{"two readings disagree: a gap", "", "two readings disagree: a gap"},
		{"too-vague: it says little", "", "too-vague: it says little"},
		{"no-term: ", "", "no-term: "},
		{"no-term", "", "no-term"},
		{"", "", ""},
	}
	for _, test := range cases {
		class, words := ReasonOf(test.remark)
		if class != test.class || words != test.words {
			t.Errorf("%q is of the class %q, %q", test.remark, class, words)
		}
		s := &Slot{Reason: whyNone(test.remark)}
		if s.ReasonClass() != test.class {
			t.Errorf("the reason %q is of the class %q", s.Reason, s.ReasonClass())
		}
	}
	for _, reason := range []string{"", reasonWeak, reasonUnknown, reasonNone + " (no-term", reasonNone + " (other): x"} {
		if class := (&Slot{Reason: reason}).ReasonClass(); class != "" {
			t.Errorf("the reason %q is of the class %q", reason, class)
		}
	}
}
