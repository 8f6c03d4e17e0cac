package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"sild/internal/cda"
	"sild/internal/portal/view"
	"sild/node"
	"sild/translation"
)

// deliver writes the translated document where it was sent.
func (t *Translation) deliver(body []byte, input string) error {
	if t.Out == "" {
		_, err := t.Stdout.Write(append(body, '\n'))
		return err
	}
	extension := ".json"
	if cda.IsXML(body) {
		extension = ".xml"
	}
	return os.WriteFile(t.place(t.Out, input, extension), body, 0o600)
}

// place is the file for one input: the one that was named, or in the directory that was, under the input's name.
func (t *Translation) place(named, input, extension string) string {
	if len(t.In) == 1 {
		return named
	}
	base := filepath.Base(input)
	return filepath.Join(named, strings.TrimSuffix(base, filepath.Ext(base))+extension)
}

// view writes the page that a professional of the other country would see.
func (t *Translation) view(d *node.Document, r *fileReport) error {
	if t.HTML == "" {
		return nil
	}
	f, err := os.OpenFile(t.place(t.HTML, r.File, ".html"), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = view.Render(f, view.View{Document: d, Sent: r.Out, Own: r.In, Language: readerLanguages(t.To)[0], At: d.At, Offers: r.Offers})
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// table sums up several inputs, one line each: what country A's half made of the slots.
func (t *Translation) table(reports []fileReport) {
	w := tabwriter.NewWriter(t.Stderr, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "file\tkind\tslots\tmapped\tidentical\tpassed\trefused\tresidue\tms\toutcome\t")
	for _, r := range reports {
		fates := map[translation.Fate]int{}
		slots, residue := 0, 0
		if r.Out != nil {
			slots, residue = r.Out.Count(), len(r.Out.Residue)
			for line := range r.Out.Lines() {
				fates[line.Fate]++
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t%s\t\n", filepath.Base(r.File), r.Kind, slots, fates[translation.Mapped],
			fates[translation.Identical], fates[translation.Passed], fates[translation.Refused], residue,
			float64(r.took)/float64(time.Millisecond), strings.TrimSpace(r.Outcome+" "+r.Slot))
	}
	_ = w.Flush()
}
