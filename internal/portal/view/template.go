package view

// pageTemplate is the whole page. Every text in it is escaped by html/template; the two values that are not are the style,
// which is ours, and narratives that markup has written anew.
const pageTemplate = `<!DOCTYPE html>
<html lang="{{.Language}}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{.Policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{{.Title}} – {{.Subject}}</title>
<style>{{.Style}}</style>
</head>
<body>
<a class="skip" href="#document">{{.Say "skip"}}</a>
<header>
<h1>{{.Title}}</h1>
<p class="subject"><bdi>{{.Subject}}</bdi></p>
<p class="mute">● {{.Notice}} {{.Made}}</p>
</header>
<div class="top">
{{template "attention" .}}
{{template "contents" .}}
</div>
<main id="document">
{{range .Sections}}{{template "section" (pair $ .)}}{{end}}
{{range .Offers}}{{template "offer" (offered $ .)}}{{end}}
</main>
{{template "reports" .}}
</body>
</html>
{{define "mark"}}<span class="mark {{.Class}}{{if .Quiet}} quiet{{end}}"><span class="sign" aria-hidden="true">{{.Sign}}</span> {{.Words}}{{if .Why}}: <span{{if .In}} lang="{{.In}}"{{end}}>{{.Why}}</span>{{end}}</span>{{end}}
{{define "sign"}}<span class="sign" aria-hidden="true">{{if .}}▲{{else}}○{{end}}</span>{{end}}
{{define "attention"}}<section class="attention" aria-labelledby="attention">
<h2 id="attention">{{.Say "attention"}}</h2>
<ul class="counts">{{range .Counts}}<li class="count {{.Class}}{{if not .N}} none{{end}}"><span class="sign" aria-hidden="true">{{.Sign}}</span> <b>{{.N}}</b> {{.Words}}</li>{{end}}</ul>
{{if .Findings}}<ol class="findings">{{range .Findings}}<li>{{template "mark" .Mark}} <a href="{{.Href}}"><bdi>{{.Where}}</bdi></a></li>{{end}}</ol>
{{if .Further}}<details><summary>{{.Say "attention.further"}} ({{len .Further}})</summary><ol class="findings" start="{{.Next}}">{{range .Further}}<li>{{template "mark" .Mark}} <a href="{{.Href}}"><bdi>{{.Where}}</bdi></a></li>{{end}}</ol></details>{{end}}
{{else if not .Quiet}}<p>{{.Say "attention.none"}}</p>{{end}}
{{if .Quiet}}<details><summary>{{.Say "attention.quiet"}} ({{len .Quiet}})</summary><ol class="findings">{{range .Quiet}}<li>{{template "mark" .Mark}} <a href="{{.Href}}"><bdi>{{.Where}}</bdi></a></li>{{end}}</ol></details>{{end}}
</section>{{end}}
{{define "contents"}}<nav class="contents" aria-labelledby="contents">
<h2 id="contents">{{.Say "contents"}}</h2>
<ul>{{range .Sections}}<li><a href="#{{.ID}}"><bdi>{{.Heading}}</bdi></a></li>{{end}}{{range .Offers}}<li><a href="#{{.ID}}">{{.Heading}}{{if .Medicine}}: <bdi>{{.Medicine}}</bdi>{{end}}</a></li>{{end}}<li><a href="#reports">{{.Say "reports"}}</a></li></ul>
</nav>{{end}}
{{define "section"}}{{$m := .Model}}{{with .Section}}<section class="block" aria-labelledby="{{.ID}}">
<h2 id="{{.ID}}"><bdi>{{.Heading}}</bdi>{{if .Code}} <span class="code">LOINC {{.Code}}</span>{{end}}</h2>
{{if .State}}<p class="state{{if .Grave}} grave{{end}}">{{template "sign" .Grave}} {{.State}}</p>{{end}}
{{if .Lines}}<table class="sheet" role="table" aria-labelledby="{{.ID}}">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">{{$m.Say "column.what"}}</th><th scope="col" role="columnheader">{{$m.Say "column.reader"}} – {{$m.ReaderName}}</th><th scope="col" role="columnheader">{{$m.Say "column.source"}} – {{$m.SourceName}}</th></tr></thead>
<tbody role="rowgroup">
{{range .Lines}}{{if .Group}}<tr role="row" class="group depth{{.Depth}}"><th scope="rowgroup" role="rowheader" colspan="3"><bdi>{{.Heading}}</bdi>{{if .State}} <span class="state{{if .Grave}} grave{{end}}">{{template "sign" .Grave}} {{.State}}</span>{{end}}</th></tr>
{{else}}<tr role="row"{{if .Value.ID}} id="{{.Value.ID}}"{{end}}{{with .Value.Marks}} class="marked {{(index . 0).Class}}"{{end}}>{{if .Span}}<th scope="{{if gt .Span 1}}rowgroup{{else}}row{{end}}" role="rowheader"{{if gt .Span 1}} rowspan="{{.Span}}"{{end}}><bdi>{{.Label}}</bdi></th>{{end}}
{{with .Value}}<td role="cell" class="reader">{{if .Words}}<bdi{{if .In}} lang="{{.In}}"{{end}}>{{.Words}}</bdi>{{else if .Untranslated}}<span class="mute">{{$m.Say "untranslated"}}</span>{{end}}{{if .Code}} <span class="code">{{.Code}}</span>{{end}}{{range .Marks}} {{template "mark" .}}{{end}}</td>
<td role="cell" class="source{{if .Same}} same{{end}}{{if .Untranslated}} only{{end}}">{{if or .Original .OriginalCode}}<span class="who">{{$m.Say "column.source"}}: </span>{{end}}{{if .Original}}<bdi{{if and .OriginalIn (not .Neutral)}} lang="{{.OriginalIn}}"{{end}}>{{.Original}}</bdi>{{end}}{{if .OriginalCode}} <span class="code">{{.OriginalCode}}</span>{{end}}</td>{{end}}</tr>
{{end}}{{end}}</tbody></table>{{end}}
{{if .Texts}}<details class="texts"{{if .Open}} open{{end}}><summary>{{$m.Say "texts"}}</summary><div class="pair">
{{range .Texts}}<div class="text"><h3>{{.Label}}</h3><div class="narrative"{{if .In}} lang="{{.In}}"{{end}} tabindex="0" role="group" aria-label="{{.Label}}">{{if .Escaped}}<pre>{{.Escaped}}</pre>{{else}}{{.HTML}}{{end}}</div></div>
{{end}}</div></details>{{end}}
</section>
{{end}}{{end}}
{{define "reports"}}{{$m := .}}<section class="reports" aria-labelledby="reports">
<h2 id="reports">{{.Say "reports"}}</h2>
{{range .Reports}}<h3>{{.Heading}}</h3>
{{if .Missing}}<p class="mark gap"><span class="sign" aria-hidden="true">■</span> {{.Missing}}</p>{{else}}
{{if .Release}}<p class="mute">{{$m.Say "report.release"}}: <span class="code">{{.Release}}</span></p>{{end}}
{{if .Losses}}<h4>{{$m.Say "report.losses"}} ({{len .Losses}})</h4>{{template "lines" (lines $m .Losses)}}{{else}}<p>{{$m.Say "report.no-losses"}}</p>{{end}}
{{if .Residue}}<h4>{{$m.Say "report.unread"}} ({{len .Residue}})</h4><ul class="residue">{{range .Residue}}<li id="{{.ID}}">{{template "mark" .Mark}} <span class="code">{{.Path}}</span> <bdi lang="en">{{.Why}}</bdi></li>{{end}}</ul>{{end}}
{{if .Carried}}<details><summary>{{$m.Say "report.carried"}} ({{len .Carried}})</summary>{{template "lines" (lines $m .Carried)}}</details>{{end}}
{{end}}{{end}}</section>{{end}}
{{define "lines"}}{{$m := .Model}}<table class="fates" role="table"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">{{$m.Say "report.place"}}</th><th scope="col" role="columnheader">{{$m.Say "report.original"}}</th><th scope="col" role="columnheader">{{$m.Say "report.current"}}</th><th scope="col" role="columnheader">{{$m.Say "report.fate"}}</th></tr></thead><tbody role="rowgroup">
{{range .Lines}}<tr role="row"{{if .ID}} id="{{.ID}}"{{end}}><th scope="row" role="rowheader">{{.Field}} {{if .Href}}<a class="code" href="{{.Href}}">{{.Path}}</a>{{else}}<span class="code">{{.Path}}</span>{{end}}</th><td role="cell"><bdi>{{.Original}}</bdi></td><td role="cell"><bdi>{{.Current}}</bdi></td><td role="cell">{{if .Mark.Class}}{{template "mark" .Mark}}{{else}}{{.Fate}}{{end}}{{if .Why}}<br><bdi class="mute" lang="{{.WhyIn}}">{{.Why}}</bdi>{{end}}</td></tr>
{{end}}</tbody></table>{{end}}`
