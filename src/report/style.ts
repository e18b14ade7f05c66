/** How a page looks: the text of its one style element, and of its one script. Both are fixed, so the page names them by their hashes. */

/** Every colour of text has at least 4.5:1 on its ground, every colour of a chart 3:1, in both schemes. */
export const style = `
:root{color-scheme:light dark;
--ground:#fff;--panel:#f5f7f9;--line:#d9dfe5;--ink:#1a2027;--quiet:#57616c;--link:#0b57a4;
--error:#a8231b;--warn:#805300;--ok:#1b6a3a;
--c0:#2b6cb0;--c1:#b7550e;--c2:#3f8450;--c3:#8250a8;--c4:#8c6d1f;--c5:#78828d}
@media (prefers-color-scheme:dark){:root{
--ground:#14181c;--panel:#1c2228;--line:#343c45;--ink:#e4e8ec;--quiet:#a0aab5;--link:#7db6f2;
--error:#ff938a;--warn:#e2b04a;--ok:#72cc92;
--c0:#6aa5e3;--c1:#ee9654;--c2:#78c08a;--c3:#bd92dd;--c4:#d2b45c;--c5:#97a1ac}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
header,main,footer{max-width:1180px;margin:0 auto;padding:0 clamp(16px,4vw,40px)}
header{padding-top:28px}
h1{font-size:26px;line-height:1.25;margin:0;overflow-wrap:anywhere;font-weight:650}
h2{font-size:18px;line-height:1.3;margin:0 0 12px;font-weight:650}
h3{font-size:15px;margin:20px 0 8px;font-weight:650}
p{margin:0 0 10px}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
section{border-top:1px solid var(--line);padding:22px 0 26px}
.about,.verdict,.problems p,.details dd,summary,caption,.none{overflow-wrap:anywhere}
.about{color:var(--quiet);margin:4px 0 0;overflow-wrap:anywhere}
.verdict{font-size:17px;margin:16px 0 0;overflow-wrap:anywhere}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:16px 0 22px}
nav a{text-decoration:none;display:inline-block;padding:2px 0}
nav a:hover{text-decoration:underline}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;unicode-bidi:isolate}
pre{background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:7px 11px;margin:0 0 8px;white-space:pre-wrap;overflow-wrap:anywhere}
.none,.ago,.quiet,caption,figcaption,.top,.ends,dt,.hint{color:var(--quiet)}
.ago{white-space:nowrap;font-size:13px}
time{white-space:nowrap}
time,.number,dd,.ago{font-variant-numeric:tabular-nums}
.level{font-weight:650;white-space:nowrap}
.level.error{color:var(--error)}.level.warn{color:var(--warn)}.level.ok{color:var(--ok)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(116px,1fr));gap:1px;margin:18px 0 0;padding:1px}
.figures>div{box-shadow:0 0 0 1px var(--line);padding:8px 13px}
.figures dt{font-size:13px;line-height:1.35}
.figures dd{margin:0;font-size:21px;line-height:1.3;font-weight:600}
.problems{list-style:none;margin:0 0 8px;padding:0}
.problems>li{border-left:3px solid var(--line);padding:1px 0 1px 14px;margin:0 0 16px}
.problems>li.error{border-color:var(--error)}.problems>li.warn{border-color:var(--warn)}
.problems p{margin:0 0 6px;overflow-wrap:anywhere}
.problems strong{font-weight:600}
.by{color:var(--quiet)}
.details{margin:0 0 8px}
.details>div{display:grid;grid-template-columns:minmax(72px,max-content) 1fr;gap:0 14px}
.details dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:0 0 14px;position:relative}
table{border-collapse:collapse;width:100%}
caption{text-align:left;padding:0 0 6px}
th,td{text-align:left;vertical-align:top;padding:6px 16px 6px 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:13px;line-height:1.35;font-weight:600;color:var(--quiet);vertical-align:bottom;border-bottom-color:var(--quiet);overflow-wrap:normal}
tbody th{font-weight:400}
.number{text-align:right;white-space:nowrap}
td .ago{display:block;line-height:1.35}
thead button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit}
thead button:hover{text-decoration:underline}
th[aria-sort] button{color:var(--ink)}
th[aria-sort=ascending] button::after{content:" \\2191"}
th[aria-sort=descending] button::after{content:" \\2193"}
.path,.words{overflow-wrap:anywhere}.path{min-width:112px}tbody th .path{min-width:130px}.words{min-width:170px}
.hash,.by,.host{white-space:nowrap}.reasons{min-width:130px}.reasons .level{white-space:normal;overflow-wrap:break-word}.reasons .warn{font-weight:400}
.chart{margin:0 0 20px}
.chart figcaption{font-weight:600;color:var(--ink);margin:0 0 4px}
.chart svg[role=img]{display:block;width:100%;height:96px;border-bottom:1px solid var(--quiet);border-top:1px dashed var(--line)}
.chart.small svg[role=img]{height:56px}
.top{font-size:13px;margin:0;line-height:1.5}
.ends{display:flex;justify-content:space-between;font-size:13px;margin:2px 0 4px;font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:0 36px}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;padding:0;margin:0 0 4px;font-size:13px}
.legend svg{width:10px;height:10px}
.spark{display:block;width:120px;height:22px;border-bottom:1px solid var(--line)}
.bar{display:block;width:100%;min-width:90px;height:9px;margin-top:7px;background:var(--line)}
.c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}.c5{fill:var(--c5)}
rect.error{fill:var(--error)}rect.warn{fill:var(--warn)}rect.ok{fill:var(--ok)}
details{margin:0 0 12px}
summary{cursor:pointer;color:var(--quiet);font-size:13px;width:max-content;max-width:100%}
details[open] summary{margin-bottom:8px}
.list{margin:0;padding:0;list-style:none}
.hashes code{font-size:12px}
:target{background:var(--panel)}
footer{border-top:1px solid var(--line);padding-top:14px;padding-bottom:40px;color:var(--quiet);font-size:13px}
@media (max-width:520px){body{font-size:14px}h1{font-size:22px}.figures dd{font-size:18px}}
@media print{
:root{color-scheme:light;--ground:#fff;--panel:#fff;--line:#bbb;--ink:#000;--quiet:#444;--link:#000;
--error:#a8231b;--warn:#805300;--ok:#1b6a3a;--c0:#2b6cb0;--c1:#b7550e;--c2:#3f8450;--c3:#8250a8;--c4:#8c6d1f;--c5:#78828d}
body{font-size:10pt}header,main,footer{max-width:none;padding-left:0;padding-right:0}
nav,details:not([open]){display:none}.figures{margin-bottom:16px}.scroll{overflow:visible}
code,pre{font-size:8.5pt}th,td{padding-right:9px}
tr,li,figure,.figures{break-inside:avoid}h2,caption,thead{break-after:avoid}
svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`

/** Makes the heads of tables buttons that sort: of use on a page of many hosts, and everything reads without it. */
export const script = `
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const body = table.tBodies[0]
  const heads = [...table.tHead.rows[0].cells]
  const valueOf = (row, at) => row.cells[at].dataset.sort ?? row.cells[at].textContent.trim()
  heads.forEach((head, at) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...head.childNodes)
    head.append(button)
    button.addEventListener('click', () => {
      const isDown = head.getAttribute('aria-sort') === 'ascending' ||
        (!head.hasAttribute('aria-sort') && head.classList.contains('number'))
      for (const other of heads) other.removeAttribute('aria-sort')
      head.setAttribute('aria-sort', isDown ? 'descending' : 'ascending')
      const rows = [...body.rows].sort((one, other) => {
        const [a, b] = [valueOf(one, at), valueOf(other, at)]
        const order = a !== '' && b !== '' && !isNaN(a) && !isNaN(b) ? a - b : a < b ? -1 : a > b ? 1 : 0
        return isDown ? -order : order
      })
      body.append(...rows)
    })
  })
}
`
