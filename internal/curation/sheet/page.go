package sheet

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"io"
	"sync"
)

// HTML writes the sheet as one page without script, image or anything from elsewhere; its policy allows its own style only.
func (s Sheet) HTML(w io.Writer) error {
	page, err := parsed()
	if err != nil {
		return err
	}
	shown := struct {
		Sheet
		Policy string
		Style  template.CSS
	}{s.cleaned(), policy(), template.CSS(style)}
	var out bytes.Buffer
	if err := page.Execute(&out, shown); err != nil {
		return err
	}
	_, err = w.Write(out.Bytes())
	return err
}

// cleaned is the sheet without what turns the reading direction round.
func (s Sheet) cleaned() Sheet {
	made := Sheet{Title: visible(s.Title)}
	for _, fact := range s.Facts {
		made.Facts = append(made.Facts, Fact{visible(fact.Name), visible(fact.Value)})
	}
	for _, part := range s.Parts {
		own := Part{Heading: visible(part.Heading), Note: visible(part.Note), Columns: part.Columns}
		for _, row := range part.Rows {
			cells := make([]string, len(row.Cells))
			for i, cell := range row.Cells {
				cells[i] = visible(cell)
			}
			own.Add(row.Weight, cells...)
		}
		made.Parts = append(made.Parts, own)
	}
	return made
}

func policy() string {
	digest := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'; base-uri 'none'; form-action 'none'"
}

var parsed = sync.OnceValues(func() (*template.Template, error) { return template.New("sheet").Parse(page) })

const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{.Policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{{.Title}}</title>
<style>{{.Style}}</style>
</head>
<body>
<header><h1>{{.Title}}</h1>
<dl>{{range .Facts}}<div><dt>{{.Name}}</dt><dd>{{.Value}}</dd></div>{{end}}</dl></header>
<main>
{{range .Parts}}<section><h2>{{.Heading}}{{if .Rows}} ({{len .Rows}}){{end}}</h2>
{{if .Note}}<p class="mute">{{.Note}}</p>{{end}}
{{if .Rows}}<table><thead><tr>{{range .Columns}}<th scope="col">{{.}}</th>{{end}}</tr></thead><tbody>
{{range .Rows}}<tr{{if .Weight}} class="{{.Weight}}"{{end}}>{{$sign := .Weight.Sign}}{{range $i, $cell := .Cells}}<td>{{if and (eq $i 0) $sign}}<span class="sign" aria-hidden="true">{{$sign}}</span>&nbsp;{{end}}<bdi>{{$cell}}</bdi></td>{{end}}</tr>
{{end}}</tbody></table>{{end}}</section>
{{end}}</main>
</body>
</html>
`

// style has the colours of the professional's page. Text has a contrast of at least 4.5 to 1 on what is behind it.
const style = `
:root{--ink:#1a222a;--mute:#55606a;--line:#d3d9de;--paper:#fff;--wash:#f3f5f7;--alarm:#a01414;--gap:#714400}
*{box-sizing:border-box}
html{font:100%/1.4 system-ui,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;color:var(--ink);background:var(--paper)}
body{margin:0 auto;max-width:80rem;padding:1rem 1.25rem 3rem;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.2;margin:0}
h2{font-size:1.15rem;margin:1.5rem 0 .4rem}
header{border-bottom:2px solid var(--ink);padding-bottom:.6rem}
dl{margin:.5rem 0 0}
dl div{display:flex;gap:.5rem;font-size:.9rem}
dt{color:var(--mute);min-width:12rem}
dd{margin:0}
.mute{color:var(--mute);font-size:.875rem;margin:.2rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th{color:var(--mute);font-size:.8rem;text-align:left;border-bottom:2px solid var(--ink);padding:.25rem .5rem}
td{text-align:left;vertical-align:top;padding:.28rem .5rem;border-bottom:1px solid var(--line)}
.sign{font-family:"DejaVu Sans","Segoe UI Symbol","Noto Sans Symbols2",sans-serif;font-size:.85em}
tr.alarm td:first-child{box-shadow:inset 4px 0 var(--alarm);color:var(--alarm)}
tr.gap td:first-child{box-shadow:inset 4px 0 var(--gap);color:var(--gap)}
@media print{
@page{size:A4;margin:14mm}
html{font-size:9pt}
body{max-width:none;padding:0}
thead{display:table-header-group}
tr{break-inside:avoid}
h2{break-after:avoid}
}
`
