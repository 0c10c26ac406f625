/** How a statement looks: on a desk, on a phone, in the dark, on paper. Nothing is loaded from anywhere. */

export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf7; --card: #ffffff; --ink: #1d1c1a; --soft: #6b675f; --line: #e4e0d8;
  --good: #1b6b43; --good-bg: #eaf5ee; --bad: #ad1f17; --bad-bg: #fdecea; --wait: #7a5b10; --wait-bg: #fbf3dd; }
@media (prefers-color-scheme: dark) { :root { --paper: #171614; --card: #1f1e1b; --ink: #ece9e2; --soft: #a09b90; --line: #35322d;
  --good: #7fd0a3; --good-bg: #17301f; --bad: #ff9c92; --bad-bg: #3d1714; --wait: #e5c46f; --wait-bg: #322a14; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', sans-serif;
  -webkit-text-size-adjust: 100%; }
main { max-width: 50rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
header p { margin: 0; color: var(--soft); }
h1 { margin: .15rem 0 .35rem; font-size: 1.75rem; line-height: 1.2; font-weight: 600; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { margin: 0 0 .6rem; font-size: 1rem; font-weight: 600; }
#verdict { margin: 1.5rem 0; padding: .95rem 1.15rem; border-radius: .6rem; border-left: .3rem solid; }
#verdict strong { display: block; font-size: 1.1rem; }
#verdict p, #verdict ul { margin: .2rem 0 0; }
#verdict ul { padding-left: 1.1rem; }
#verdict a { color: inherit; }
#verdict[data-state='waiting'], #verdict[data-state='unable'] { color: var(--wait); background: var(--wait-bg); border-color: var(--wait); }
#verdict[data-state='proved'] { color: var(--good); background: var(--good-bg); border-color: var(--good); }
#verdict[data-state='wrong'] { color: var(--bad); background: var(--bad-bg); border-color: var(--bad); }
.sums { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; margin: 0 0 1.75rem; background: var(--line); border: 1px solid var(--line);
  border-radius: .6rem; overflow: hidden; }
.sums div { padding: .75rem .9rem; background: var(--card); }
.sums dt { color: var(--soft); font-size: .8rem; }
.sums dd { margin: 0; font-size: 1.05rem; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
table { width: 100%; border-collapse: collapse; }
th { padding: .4rem .5rem; color: var(--soft); font-size: .8rem; font-weight: 500; text-align: left; border-bottom: 1px solid var(--ink); }
td { padding: .6rem .5rem; vertical-align: top; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: .25rem; } th:last-child, td:last-child { padding-right: .25rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.date { white-space: nowrap; font-variant-numeric: tabular-nums; }
.small { display: block; color: var(--soft); font-size: .82rem; overflow-wrap: anywhere; }
.small:empty, .party:empty { display: none; }
.party { overflow-wrap: anywhere; }
.credit .amount { color: var(--good); }
.held td { color: var(--soft); }
.edge td { font-weight: 600; }
.altered td { background: var(--bad-bg); color: var(--bad); border-bottom-color: transparent; }
.altered .small, .altered .amount { color: inherit; }
.why td { padding-top: 0; background: var(--bad-bg); color: var(--bad); font-size: .88rem; }
.wrong { text-decoration: underline wavy var(--bad) 1px; text-underline-offset: .2em; color: var(--bad); font-weight: 700; }
details { margin: 0 0 1rem; }
summary { cursor: pointer; color: var(--soft); font-size: .9rem; padding: .3rem 0; }
.box { margin-top: 2.25rem; padding: 1.15rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; font-size: .92rem; }
.box h2:not(:first-child) { margin-top: 1.25rem; }
.box p, .box ul { margin: 0 0 .5rem; } .box ul { padding-left: 1.1rem; }
.box code { font: .82rem/1.6 ui-monospace, 'Liberation Mono', monospace; overflow-wrap: anywhere; }
.box dt { color: var(--soft); font-size: .8rem; } .box dd { margin: 0 0 .5rem; }
@media (max-width: 36rem) {
  main { padding: 1.5rem .9rem 3rem; } h1 { font-size: 1.35rem; }
  .sums { grid-template-columns: 1fr 1fr; }
  thead { display: none; }
  tr { display: grid; grid-template-columns: 1fr auto; padding: .55rem 0; border-bottom: 1px solid var(--line); }
  td { padding: 0 .25rem; border: 0; }
  .date { grid-column: 1 / -1; font-size: .82rem; color: var(--soft); } .date .small { display: inline; margin-left: .4rem; }
  .what { grid-row: 2 / 4; } .balance { color: var(--soft); font-size: .88rem; }
  .balance::before { content: 'balance '; font-weight: 400; }
  .why td { grid-column: 1 / -1; }
}
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --good: #14532d; --good-bg: #fff; --bad: #9b1c1c; --bad-bg: #fff; --wait: #444; --wait-bg: #fff; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; } tr, .box, #verdict { break-inside: avoid; }
  details:not([open]) { display: none; }
}
`
