package view

import (
	"testing"

	"sild/internal/reading"
)

func TestALongListOfGapsIsFoldedButNoAlarmIs(t *testing.T) {
	for _, c := range []struct{ alarms, gaps, open int }{{0, 3, 3}, {0, 8, 8}, {0, 9, 8}, {2, 20, 8}, {12, 20, 12}, {12, 0, 12}, {0, 0, 0}} {
		m := model{page: &reading.Page{Language: "en"}}
		for range c.gaps {
			m.Findings = append(m.Findings, finding{Kind: reading.Gap})
		}
		for range c.alarms {
			m.Findings = append(m.Findings, finding{Kind: reading.Alarm})
		}
		m.count()
		if len(m.Findings) != c.open || len(m.Findings)+len(m.Further) != c.alarms+c.gaps || m.Next != c.open+1 {
			t.Errorf("%+v: %d open, %d folded, the next is %d", c, len(m.Findings), len(m.Further), m.Next)
		}
		for _, f := range m.Further {
			if f.Kind == reading.Alarm {
				t.Errorf("%+v: an alarm is folded", c)
			}
		}
	}
}
