/** How a statement looks: on a desk, on a phone, in the dark, on paper. Nothing is loaded from anywhere. */

export const PAGE_STYLE = `
:root { color-scheme: light dark; --desk: #efece5; --sheet: #fffefb; --ink: #1c1b19; --soft: #66625a; --line: #e3dfd5; --rule: #1c1b19; --accent: #1d3b34;
  --good: #17603c; --good-bg: #eaf4ee; --bad: #a81c14; --bad-bg: #fdebe9; --wait: #74550c; --wait-bg: #fbf3dd; --seal: #fffefb; }
@media (prefers-color-scheme: dark) { :root { --desk: #121110; --sheet: #1c1b19; --ink: #ebe8e1; --soft: #a6a196; --line: #35322d; --rule: #8b867b; --accent: #a9cdbf;
  --good: #86d3a8; --good-bg: #182b20; --bad: #ff9c92; --bad-bg: #3a1714; --wait: #e5c46f; --wait-bg: #302813; --seal: #14130f; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--desk); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', Arial, sans-serif; -webkit-text-size-adjust: 100%; }
main { max-width: 54rem; margin: 2rem auto; padding: 2.75rem 3rem 2rem; background: var(--sheet); border-radius: 3px; border-top: 4px solid var(--accent);
  box-shadow: 0 1px 2px rgb(0 0 0 / .08), 0 12px 40px rgb(0 0 0 / .08); }
p { margin: 0; }
dl, dd { margin: 0; }
a { color: inherit; text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.brand { display: flex; align-items: center; gap: .6rem; color: var(--accent); font-weight: 600; overflow-wrap: anywhere; }
.brand svg { flex: none; }
.kind { margin-top: 1.6rem; color: var(--soft); font-size: .8rem; letter-spacing: .09em; text-transform: uppercase; }
h1 { margin: .1rem 0 .9rem; font: 400 2.1rem/1.15 'Iowan Old Style', 'Palatino Linotype', Palatino, Georgia, 'Liberation Serif', serif; overflow-wrap: anywhere; }
h2 { margin: 0 0 .5rem; font-size: .95rem; font-weight: 600; }
dt { color: var(--soft); font-size: .78rem; }
.facts { display: flex; flex-wrap: wrap; gap: .4rem 2.5rem; }
#verdict { display: flex; gap: 1.1rem; margin: 1.6rem 0; padding: 1.1rem 1.25rem; border-radius: 6px; border: 1px solid; }
#said { min-width: 0; flex: 1; }
#said strong { display: block; font-size: 1.1rem; line-height: 1.35; }
#said ul { margin: .3rem 0 0; padding-left: 1.1rem; }
#said dl { display: grid; grid-template-columns: repeat(2, 1fr); gap: .55rem 1.5rem; margin-top: .8rem; color: var(--ink); }
#said dd { font-size: .88rem; overflow-wrap: anywhere; }
.seal { display: none; flex: none; }
[data-state='proved'] .seal.proved, [data-state='wrong'] .seal.wrong, [data-state='waiting'] .seal.open, [data-state='unable'] .seal.open { display: block; }
#verdict[data-state='waiting'], #verdict[data-state='unable'] { color: var(--wait); background: var(--wait-bg); border-color: var(--wait); }
#verdict[data-state='proved'] { color: var(--good); background: var(--good-bg); border-color: var(--good); }
#verdict[data-state='wrong'] { color: var(--bad); background: var(--bad-bg); border-color: var(--bad); }
.sums { display: grid; grid-template-columns: repeat(4, 1fr); margin: 0 0 1.9rem; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
.sums div { padding: .7rem 1rem; border-left: 1px solid var(--line); text-align: right; }
.sums div:first-child { padding-left: 0; border: 0; text-align: left; } .sums div:last-child { padding-right: 0; }
.sums dd { font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.sums + .small { margin: -1.4rem 0 1.6rem; text-align: right; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding-bottom: .3rem; text-align: left; font-weight: 600; font-size: .95rem; }
th { padding: .35rem .6rem; color: var(--soft); font-size: .78rem; font-weight: 500; text-align: left; border-bottom: 1px solid var(--rule); }
td { padding: .55rem .6rem; vertical-align: top; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
th.number, td.number { text-align: right; white-space: nowrap; }
.date { white-space: nowrap; }
.small { display: block; color: var(--soft); font-size: .82rem; overflow-wrap: anywhere; }
.small:empty, .party:empty { display: none; }
.party, .small, h1, dd, code { unicode-bidi: isolate; }
.party { overflow-wrap: anywhere; }
.balance { font-weight: 500; }
.held td { color: var(--soft); }
.edge td { font-weight: 600; } .edge:last-child td { border-bottom: 1px solid var(--rule); }
tr.altered td { background: var(--bad-bg); color: var(--bad); border-bottom-color: transparent; }
tr.altered .small { color: inherit; }
tr.altered td:first-child, .why td { padding-left: .6rem; } tr.altered td:last-child { padding-right: .6rem; }
tr.altered td:first-child, .why td { box-shadow: inset 3px 0 var(--bad); }
.why td { padding-top: 0; background: var(--bad-bg); color: var(--bad); font-size: .88rem; }
.wrong { color: var(--bad); font-weight: 700; text-decoration: underline wavy var(--bad) 1px; text-underline-offset: .2em; }
summary { cursor: pointer; color: var(--soft); font-size: .88rem; padding: .3rem 0; }
.fold { margin-bottom: 1rem; } table + .fold { margin-top: .5rem; }
.meaning { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem 2rem; margin-top: 2.2rem; font-size: .88rem; }
.meaning ul { margin: 0; padding-left: 1.1rem; } .meaning li { margin-bottom: .3rem; }
code { font: .82rem/1.55 ui-monospace, 'Cascadia Mono', 'Liberation Mono', monospace; overflow-wrap: anywhere; }
#keys { margin-top: 1.8rem; padding-top: 1.3rem; border-top: 1px solid var(--line); font-size: .88rem; scroll-margin-top: 1rem; }
#keys dd { margin-bottom: .45rem; }
.compare { margin: 1rem 0 .6rem; }
.compare label { display: block; margin-bottom: .3rem; font-weight: 600; }
.compare div { display: flex; gap: .5rem; }
input, button { font: inherit; padding: .5rem .7rem; border: 1px solid var(--soft); border-radius: 4px; background: var(--sheet); color: inherit; }
input { flex: 1; min-width: 0; } button { cursor: pointer; background: var(--accent); border-color: var(--accent); color: var(--sheet); font-weight: 600; }
#compared { margin-top: .4rem; min-height: 1.5em; font-weight: 600; } #compared[data-state='proved'] { color: var(--good); } #compared[data-state='wrong'] { color: var(--bad); }
.paper { display: none; }
@media (max-width: 42rem) {
  main { margin: 0; padding: 1.5rem 1.1rem 2rem; box-shadow: none; border-radius: 0; } h1 { font-size: 1.6rem; }
  .seal { width: 36px; height: 36px; } #verdict { gap: .8rem; padding: .9rem 1rem; } #said dl { grid-template-columns: 1fr; }
  .sums { grid-template-columns: 1fr 1fr; } .sums div { padding-left: 0; border: 0; text-align: left; }
  thead { display: none; } table, tbody, caption { display: block; }
  tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  td, th, tr td:first-child, tr td:last-child { padding: 0; border: 0; }
  .date { grid-column: 1 / -1; color: var(--soft); font-size: .82rem; } .date .small { display: inline; margin-left: .5rem; } .date:empty { display: none; }
  .what { grid-column: 1; grid-row: 2 / span 2; } td.debit, td.credit { grid-column: 2; grid-row: 2; } td.debit:empty, td.credit:empty { display: none; }
  .debit td.debit:not(:empty)::before { content: '−'; } .credit td.credit:not(:empty)::before { content: '+'; }
  td.balance { grid-column: 2; grid-row: 3; color: var(--soft); font-size: .86rem; font-weight: 400; } td.balance::before { content: 'balance '; }
  .edge td.debit, .edge td.credit { display: none; } .edge:last-child td { border: 0; } .edge td.balance { grid-row: 2; color: inherit; font-size: inherit; font-weight: 600; } .edge td.balance::before { content: ''; }
  tr.altered, .why { margin: 0 -.5rem; padding: .6rem .5rem; background: var(--bad-bg); box-shadow: inset 3px 0 var(--bad); } tr.altered td, tr.altered td:first-child, .why td { background: none; box-shadow: none; padding: 0; }
  .why { padding-top: 0; } .why td { grid-column: 1 / -1; } .meaning { grid-template-columns: 1fr; } .compare div { flex-wrap: wrap; } input { flex-basis: 100%; }
}
@page { size: A4; margin: 15mm 16mm 17mm; }
@media print {
  :root { --desk: #fff; --sheet: #fff; --ink: #000; --soft: #444; --line: #ccc; --rule: #000; --accent: #1d3b34; --good: #14532d; --good-bg: #fff; --bad: #9b1c1c; --bad-bg: #fff; --wait: #444; --wait-bg: #fff; --seal: #fff; }
  body { font-size: 9.5pt; } main { max-width: none; margin: 0; padding: 0; border: 0; box-shadow: none; } .seal { print-color-adjust: exact; }
  tr, #verdict, .meaning > div { break-inside: avoid; } tr:has(+ .why) { break-after: avoid; } h2 { break-after: avoid; } .sums dd { font-size: 11pt; } td { padding-top: .35rem; padding-bottom: .35rem; }
  .compare, details:not([open]), #said a { display: none; } .paper { display: block; margin-top: 1rem; color: var(--soft); }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`
