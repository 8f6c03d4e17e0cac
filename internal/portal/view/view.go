package view

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"sync"
	"time"

	"sild/internal/reading"
	"sild/node"
)

// View is one document as the country of treatment sees it after translation, with both halves of its loss report.
type View struct {
	Document *node.Document
	Sent     *node.Report // what the country of affiliation reported; nil where nothing came
	Own      *node.Report // what this contact point reports; nil is worked out from the document
	Language string       // BCP 47 of the reader
	At       time.Time    // shown in UTC
	// Offers are the medicines of the reader's country for each prescription of the document, in their order; none where
	// the country has brought no list.
	Offers []*node.Offer
}

// Render writes the page: one file of HTML that holds everything it needs.
func Render(w io.Writer, v View) error {
	if v.Document == nil {
		return &node.Error{Op: "view.render", Kind: node.Invalid, Detail: "There is no document to show."}
	}
	page, err := parsed()
	if err != nil {
		return fmt.Errorf("view: the page's own template is broken: %w", err)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, newModel(v)); err != nil {
		return fmt.Errorf("view: %w", err)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// parsed is the template, read once.
var parsed = sync.OnceValues(func() (*template.Template, error) {
	return template.New("page").Funcs(template.FuncMap{
		"pair":    func(m *model, s section) any { return struct{ Model, Section any }{m, s} },
		"lines":   func(m *model, l []reportLine) any { return struct{ Model, Lines any }{m, l} },
		"offered": func(m *model, o offer) any { return struct{ Model, Offer any }{m, o} },
		"wares":   func(m *model, w []ware) any { return struct{ Model, Wares any }{m, w} },
	}).Parse(pageTemplate + offerTemplate)
})

func newModel(v View) *model {
	page := reading.Of(v.Document, v.Language)
	if v.Own == nil {
		v.Own = node.Loss(v.Document, "")
	}
	m := &model{page: page, places: map[string]string{}, marked: map[string]bool{}, Policy: policy(), Style: template.CSS(style)}
	m.Language, m.Title, m.Subject, m.Notice = page.Language, inert(page.Title), inert(page.Subject), page.Notice
	m.SourceLanguage, m.SourceName = tag(page.Source), m.languageName(page.Source)
	m.ReaderName = m.languageName(page.Language)
	m.Made = m.say("made", "{d}", page.Day(v.At.UTC().Format(time.RFC3339)))
	for i := range page.Blocks {
		m.section(&page.Blocks[i])
	}
	for _, o := range v.Offers {
		m.offer(o)
	}
	m.Reports = append(m.Reports, m.report("report.sent", v.Sent))
	m.unread = v.Document.Residue // our own report names it again
	m.Reports = append(m.Reports, m.report("report.own", v.Own))
	m.count()
	return m
}
