package trust

import (
	"fmt"
	"strings"
	"time"
)

// Show describes a list in lines for an operator's screen. Times are UTC.
func Show(l *List) []string {
	if l == nil {
		return []string{"no trust list: everything is denied"}
	}
	d := l.draft
	out := []string{
		fmt.Sprintf("trust list %d, %s, %s, operated by %s", d.Sequence, d.Territory, d.Environment, d.Operator),
		fmt.Sprintf("issued %s, in force before %s", day(d.Issued), day(d.NextUpdate)),
		fmt.Sprintf("content %s, signed by %s", l.digest, strings.Join(l.signers, ", ")),
	}
	for p := range l.Participants() {
		out = append(out, p.lines()...)
	}
	return out
}

func (p *Participant) lines() []string {
	out := []string{
		fmt.Sprintf("%s  %s  %s", p.ID, p.Status, p.Name),
		fmt.Sprintf("    %s, %s, %s", p.Address, p.Contact, p.Website),
	}
	for _, s := range p.Services {
		out = append(out, fmt.Sprintf("    %s  %s  %s over %s", s.Service, s.Status, s.corridors(), join(s.Wires)))
		for _, e := range s.Endpoints {
			out = append(out, fmt.Sprintf("        %s  %s", e.Wire, e.URL))
		}
	}
	for _, pin := range p.TLSServerPins {
		out = append(out, "    TLS server key  "+pin)
	}
	for _, pin := range p.TLSClientPins {
		out = append(out, "    TLS client key  "+pin)
	}
	for _, k := range p.SealKeys {
		out = append(out, fmt.Sprintf("    seal key  %s  %s  %s  from %s until %s",
			k.Key.KID, k.Key.Alg, k.Status, day(k.NotBefore), day(k.NotAfter)))
	}
	if p.Promises.ReplaySafe {
		out = append(out, "    promises that the same bytes may be sent again")
	}
	return out
}

func (s ServiceGrant) corridors() string {
	var out []string
	for _, c := range s.Corridors {
		out = append(out, c.A+"→"+c.B)
	}
	return strings.Join(out, " ")
}

func join(wires []Wire) string {
	var out []string
	for _, w := range wires {
		out = append(out, string(w))
	}
	return strings.Join(out, " and ")
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }
