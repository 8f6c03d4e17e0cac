package view

import (
	"regexp"
	"strconv"
	"strings"

	"sild/node"
)

// offer is what the list of the reader's country holds for one prescription.
type offer struct {
	ID, Heading string
	Medicine    string // that was prescribed
	Wares       []ware // best first
	Larger      []ware
	None, Where string // why there is none, and at which place of the prescription
	Also        []string
}

// ware is one product of an offer.
type ware struct {
	Name, Number, Form, FormIn string
	Packs, Size                string
	Differences                []string
	Draft                      string
}

// offerTemplate is the block of a page that shows an offer.
const offerTemplate = `{{define "offer"}}{{$m := .Model}}{{with .Offer}}<section class="offer" aria-labelledby="{{.ID}}">
<h2 id="{{.ID}}">{{.Heading}}{{if .Medicine}}: <bdi>{{.Medicine}}</bdi>{{end}}</h2>
{{if .Wares}}{{template "wares" (wares $m .Wares)}}<p class="mute">{{$m.Say "offer.notice"}}</p>
{{else}}<p class="mark gap"><span class="sign" aria-hidden="true">■</span> {{$m.Say "offer.none"}} {{.None}}{{if .Where}} <span class="code">{{.Where}}</span>{{end}}</p>
{{if .Also}}<p>{{$m.Say "offer.also"}}</p><ul>{{range .Also}}<li>{{.}}</li>{{end}}</ul>{{end}}{{end}}
{{if .Larger}}<h3>{{$m.Say "offer.larger"}}</h3>{{template "wares" (wares $m .Larger)}}{{end}}
</section>
{{end}}{{end}}
{{define "wares"}}{{$m := .Model}}<table class="fates wares" role="table"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">{{$m.Say "offer.product"}}</th><th scope="col" role="columnheader">{{$m.Say "offer.packs"}}</th><th scope="col" role="columnheader">{{$m.Say "offer.differences"}}</th></tr></thead><tbody role="rowgroup">
{{range .Wares}}<tr role="row"><th scope="row" role="rowheader"><bdi>{{.Name}}</bdi> <span class="code">{{.Number}}</span><br><bdi class="mute"{{if .FormIn}} lang="{{.FormIn}}"{{end}}>{{.Form}}</bdi>{{if .Draft}} <span class="mark quiet">{{.Draft}}</span>{{end}}</th><td role="cell"><span class="packs">{{.Packs}} × {{.Size}}</span></td><td role="cell">{{if .Differences}}<ul>{{range .Differences}}<li><bdi>{{.}}</bdi></li>{{end}}</ul>{{else}}{{$m.Say "offer.same"}}{{end}}</td></tr>
{{end}}</tbody></table>{{end}}`

// offer puts an offer on the page.
func (m *model) offer(o *node.Offer) {
	if o == nil {
		return
	}
	own := offer{ID: "o" + strconv.Itoa(len(m.Offers)+1), Heading: m.say("offer") + " – " + inert(o.Country), Medicine: inert(o.Medicine), Where: inert(o.Slot)}
	for _, one := range o.Products {
		own.Wares = append(own.Wares, m.ware(one))
	}
	for _, one := range o.Larger {
		own.Larger = append(own.Larger, m.ware(one))
	}
	if o.None != "" {
		own.None = inert(m.say("none:" + string(o.None)))
	}
	for _, reason := range o.Also {
		own.Also = append(own.Also, inert(m.say("none:"+string(reason))))
	}
	m.Offers = append(m.Offers, own)
}

func (m *model) ware(one node.Offered) ware {
	own := ware{Name: inert(one.Name), Number: inert(one.Number.Code), Form: inert(one.Form.Display), FormIn: tag(one.Form.Language),
		Packs: inert(one.Packs), Size: inert(m.decimals(one.Size))}
	if strings.Contains(one.Size, "×") {
		own.Size = "(" + own.Size + ")"
	}
	if one.Draft {
		own.Draft = m.say("short:draft")
	}
	for _, d := range one.Differences {
		own.Differences = append(own.Differences, m.difference(d))
	}
	return own
}

// difference is one difference as a sentence. Names stay as they are written; numbers take the reader's decimal sign.
func (m *model) difference(d node.Difference) string {
	prescribed, offered := d.Prescribed, d.Offered
	if d.Kind == node.OtherPack {
		prescribed, offered = m.decimals(prescribed), m.decimals(offered)
	}
	return inert(m.say("diff:"+string(d.Kind), "{p}", prescribed, "{o}", offered, "{r}", m.decimals(d.Rest), "{i}", m.decimals(d.Instead)))
}

var point = regexp.MustCompile(`([0-9])\.([0-9])`)

// decimals writes the numbers of a text with the reader's decimal sign.
func (m *model) decimals(text string) string {
	if m.page.Language == "en" {
		return text
	}
	return point.ReplaceAllString(text, "$1,$2")
}
