package paper

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"

	"sild/internal/reading"
)

// PDF prints a page. The characters that the letters lack stand in the text as □, are listed on the last page, and are
// returned; the time is that of printing and is shown in UTC.
func PDF(p *reading.Page, at time.Time) (pdf []byte, lacking []rune, err error) {
	letters, err := newLetters()
	if err != nil {
		return nil, nil, err
	}
	pages := 0
	for range 2 { // the first time only to count the pages
		s := newSheet(p, at, letters, pages)
		s.print()
		pages = s.pdf.PageCount()
		var out bytes.Buffer
		if err := s.pdf.Output(&out); err != nil {
			return nil, nil, fmt.Errorf("paper: %w", err)
		}
		pdf = out.Bytes()
	}
	return pdf, letters.missing(), nil
}

// The measures of a sheet, in millimetres; letters are in points.
const (
	margin     = 18.0
	foot       = 20.0
	width      = 210.0
	height     = 297.0
	labelWidth = 48.0
	lineHeight = 4.6
	family     = "Go"
)

// sheet is a PDF while it is printed.
type sheet struct {
	pdf     *fpdf.Fpdf
	page    *reading.Page
	at      time.Time
	letters *letters
	pages   int    // how many there will be, where known
	within  string // heading of the block being printed
}

func newSheet(p *reading.Page, at time.Time, l *letters, pages int) *sheet {
	s := &sheet{pdf: fpdf.New("P", "mm", "A4", ""), page: p, at: at.UTC(), letters: l, pages: pages}
	s.pdf.AddUTF8FontFromBytes(family, "", goregular.TTF)
	s.pdf.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	s.pdf.AddUTF8FontFromBytes(family, "I", goitalic.TTF)
	s.pdf.SetCatalogSort(true)
	s.pdf.SetCreationDate(s.at)
	s.pdf.SetModificationDate(s.at)
	s.pdf.SetTitle(l.clean(p.Title), true)
	s.pdf.SetSubject(l.clean(p.Notice), true)
	s.pdf.SetKeywords("generated", true)
	s.pdf.SetCreator("sild", true)
	s.pdf.SetProducer("sild", true)
	s.pdf.SetLang(p.Language)
	s.pdf.SetMargins(margin, margin, margin)
	s.pdf.SetAutoPageBreak(false, 0)
	s.pdf.SetHeaderFunc(s.header)
	s.pdf.SetFooterFunc(s.footer)
	return s
}

// print writes everything, and last the characters that could not be printed.
func (s *sheet) print() {
	s.pdf.AddPage()
	s.title()
	for i := range s.page.Blocks {
		s.block(&s.page.Blocks[i], 0)
	}
	if lacking := s.letters.missing(); len(lacking) > 0 {
		s.block(s.lacking(lacking), 0)
	}
}

func (s *sheet) lacking(runes []rune) *reading.Block {
	row := reading.Row{Label: "Unicode"}
	for _, r := range runes {
		row.Values = append(row.Values, reading.Value{Translated: fmt.Sprintf("U+%04X", r)})
	}
	return &reading.Block{Heading: s.page.Say("paper.lacking"), State: s.page.Say("paper.lacking.state"), Rows: []reading.Row{row}}
}

// header names the document and the patient on every page but the first, which has them in large letters.
func (s *sheet) header() {
	if s.pdf.PageNo() == 1 {
		return
	}
	s.pdf.SetFont(family, "", 8)
	s.ink(grey)
	s.pdf.SetXY(margin, 10)
	s.pdf.CellFormat(0, 4, s.fitting(s.letters.clean(s.page.Title+" · "+s.page.Subject), width-2*margin), "", 0, "L", false, 0, "")
	s.rule(15)
	s.pdf.SetXY(margin, margin)
}

// footer says on every page who generated it, and which page of how many it is.
func (s *sheet) footer() {
	s.rule(height - foot + 4)
	s.pdf.SetFont(family, "", 7.5)
	s.ink(grey)
	s.pdf.SetXY(margin, height-foot+5)
	s.pdf.CellFormat(0, 4, s.letters.clean(s.page.Notice), "", 2, "L", false, 0, "")
	s.pdf.SetX(margin)
	s.pdf.CellFormat(0, 4, s.page.Say("paper.made", "{d}", s.page.Day(s.at.Format(time.RFC3339))), "", 0, "L", false, 0, "")
	s.pdf.SetX(margin)
	number := s.page.Say("paper.page", "{n}", strconv.Itoa(s.pdf.PageNo()), "{of}", strconv.Itoa(s.pages))
	s.pdf.CellFormat(0, 4, number, "", 0, "R", false, 0, "")
}

// colour is red, green and blue. Grey and red are dark enough to be read on white (more than 4.5 to 1).
type colour [3]int

var (
	black = colour{20, 24, 28}
	grey  = colour{90, 98, 106}
	red   = colour{160, 24, 24}
	pale  = colour{205, 210, 215}
)

func (s *sheet) ink(c colour) { s.pdf.SetTextColor(c[0], c[1], c[2]) }

func (s *sheet) rule(y float64) {
	s.pdf.SetDrawColor(pale[0], pale[1], pale[2])
	s.pdf.SetLineWidth(0.2)
	s.pdf.Line(margin, y, width-margin, y)
}
