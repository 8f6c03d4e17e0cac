package view

// style is the page's only style sheet; the policy names its digest, so that no other one is applied. Text has a contrast of
// at least 4.5 to 1 on what is behind it.
const style = `
:root{--ink:#1a222a;--mute:#55606a;--line:#d3d9de;--paper:#fff;--wash:#f3f5f7;--link:#0a5688;--alarm:#a01414;--alarm-wash:#fdeeee;--gap:#714400;--gap-wash:#fff4e0}
*{box-sizing:border-box}
html{font:100%/1.4 system-ui,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;color:var(--ink);background:var(--paper);scroll-padding-top:3rem}
body{margin:0 auto;max-width:80rem;padding:1rem 1.25rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.2;margin:0}
h2{font-size:1.15rem;line-height:1.25;margin:0 0 .4rem}
h3{font-size:.95rem;margin:1rem 0 .3rem}
h4{font-size:.9rem;margin:.8rem 0 .3rem}
p{margin:.2rem 0}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.narrative:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.3rem .6rem;z-index:2}
header{border-bottom:2px solid var(--ink);padding-bottom:.6rem;margin-bottom:1rem}
.subject{font-size:1.1rem;font-weight:600}
.mute{color:var(--mute);font-size:.875rem}
.code{color:var(--mute);font-size:.8rem}
.code:is(a){color:var(--link)}
.sign{font-family:"DejaVu Sans","Segoe UI Symbol","Noto Sans Symbols2",sans-serif;font-size:.85em}
.top{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,1fr);gap:1rem;margin-bottom:1.25rem}
.attention,.contents{border:1px solid var(--line);background:var(--wash);padding:.75rem 1rem;border-radius:4px}
.contents ul{list-style:none;margin:0;padding:0;font-size:.9rem}
.contents li{padding:.1rem 0}
.counts{list-style:none;margin:0 0 .5rem;padding:0;display:flex;flex-wrap:wrap;gap:.35rem .5rem}
.count{border:1px solid var(--line);background:var(--paper);border-radius:3px;padding:.1rem .5rem;font-size:.875rem}
.count.none{color:var(--mute)}
.count.alarm:not(.none),.mark.alarm{color:var(--alarm);background:var(--alarm-wash);border:1px solid var(--alarm)}
.count.gap:not(.none),.mark.gap{color:var(--gap);background:var(--gap-wash);border:1px solid var(--gap)}
.findings{margin:.2rem 0;padding-left:1.5rem;font-size:.9rem}
.findings li{padding:.15rem 0}
.findings,.residue{max-height:none}
.mark{display:inline-block;border:1px solid var(--line);background:var(--paper);border-radius:3px;padding:0 .4rem;font-size:.82rem;font-weight:600;max-width:100%}
.mark.quiet{font-weight:400;color:var(--mute);border-color:transparent;background:transparent;padding:0 .1rem}
.block{margin:0 0 1.5rem}
.state{font-weight:700}
.state.grave{color:var(--alarm)}
table{border-collapse:collapse;width:100%}
.sheet,.fates{font-size:.925rem;table-layout:fixed}
.sheet thead th{background:var(--paper);color:var(--mute);text-align:left;font-weight:600;font-size:.8rem;padding:.25rem .5rem;position:sticky;top:0;border-bottom:2px solid var(--ink)}
.sheet thead th:first-child{width:22%}
.sheet thead th:nth-child(2){width:43%}
.sheet td,.sheet tbody th{padding:.28rem .5rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
.sheet tbody th{font-weight:400;color:var(--mute);font-size:.875rem}
.sheet .reader{font-weight:500}
.sheet .source{color:var(--mute)}
.sheet .source.only{color:var(--ink)}
.sheet tr:target>*,.fates tr:target>*,.residue li:target{background:#fff8c9;color:var(--ink)}
.sheet tr.group th{color:var(--ink);font-weight:700;font-size:.95rem;background:var(--wash);border-bottom:1px solid var(--line);padding-top:.4rem}
.sheet tr.depth2 th{padding-left:1.25rem}
.sheet tr.depth3 th,.sheet tr.depth4 th{padding-left:2rem}
.sheet tr.alarm td:first-of-type{box-shadow:inset 4px 0 var(--alarm)}
.sheet tr.gap td:first-of-type{box-shadow:inset 4px 0 var(--gap)}
.who{display:none}
details{margin:.4rem 0}
summary{cursor:pointer;color:var(--link);font-size:.9rem;padding:.15rem 0}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1rem}
.text{border:1px solid var(--line);border-radius:4px;padding:.5rem .75rem}
.text h3{margin:0 0 .4rem;font-size:.85rem;color:var(--mute)}
.narrative{overflow-x:auto;font-size:.9rem;unicode-bidi:isolate}
.narrative table{margin:.3rem 0}
.narrative td,.narrative th{border:1px solid var(--line);padding:.15rem .4rem;text-align:left;vertical-align:top}
.narrative ul,.narrative ol{margin:.2rem 0;padding-left:1.25rem}
.narrative pre{white-space:pre-wrap;margin:0;font-size:.8rem}
.offer{border:2px solid var(--ink);border-radius:4px;padding:.75rem 1rem;margin:0 0 1.5rem}
.wares ul{margin:0;padding-left:1.1rem}
.wares .packs{font-weight:700}
.reports{border-top:2px solid var(--ink);padding-top:.8rem}
.fates th,.fates td{text-align:left;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid var(--line);font-weight:400}
.fates thead th{font-weight:600;font-size:.8rem;color:var(--mute)}
.residue{padding-left:1.25rem;font-size:.9rem}
@media (max-width:46rem){
body{padding:.75rem .75rem 2rem}
h1{font-size:1.35rem}
.top,.pair{grid-template-columns:minmax(0,1fr)}
.contents{display:none}
.sheet,.sheet tbody,.sheet tr,.sheet th,.sheet td,.fates,.fates tbody,.fates tr,.fates th,.fates td{display:block;width:auto}
.sheet thead,.fates thead{position:absolute;left:-99rem}
.sheet tr,.fates tr{border-bottom:1px solid var(--line);padding:.3rem 0}
.sheet td,.sheet tbody th,.fates th,.fates td{border:0;padding:.05rem .25rem}
.sheet tbody th{font-size:.8rem}
.sheet tr.group{padding:0}
.sheet tr.group th{padding:.35rem .25rem}
.sheet .source{font-size:.85rem}
.sheet tr.marked td:first-of-type{padding-left:.5rem}
.who{display:inline}
.sheet .source.same{display:none}
}
@media print{
@page{size:A4;margin:14mm}
html{font-size:9pt}
body{max-width:none;padding:0}
.skip,.contents{display:none}
.top{display:block}
.attention,.text{background:none}
.sheet thead th{position:static;color:var(--ink);background:none;border-bottom:1px solid var(--ink)}
.sheet tr,.wares tr,.findings li{break-inside:avoid}
h2,h3,tr.group{break-after:avoid}
details::details-content{content-visibility:visible;block-size:auto;display:block}
a{color:inherit;text-decoration:none}
}
`
