/** The page's style: system fonts, light and dark, readable on paper and on a telephone. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2327; --soft: #5b6670; --line: #d9dee3; --paper: #fff; --pale: #f5f7f9; --mark: #0b6e4f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8eb; --soft: #9aa6b0; --line: #343c43; --paper: #14181b; --pale: #1c2226; --mark: #57c79b; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
.page { display: grid; grid-template-columns: 15rem minmax(0, 52rem); gap: 3rem; max-width: 74rem; margin: 0 auto; padding: 2rem 1.5rem 6rem; }
nav { position: sticky; top: 2rem; align-self: start; max-height: calc(100vh - 4rem); overflow: auto; font-size: .875rem; }
nav strong { display: block; margin: 1rem 0 .25rem; } nav a { display: block; color: var(--soft); text-decoration: none; padding: .1rem 0; } nav a:hover { color: var(--mark); }
h1 { font-size: 2rem; margin: 0 0 .25rem; } h2 { margin: 3.5rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--line); } h3 { margin: 2.25rem 0 .25rem; }
a { color: var(--mark); } .soft { color: var(--soft); }
code, pre { font: .86em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; } code { background: var(--pale); padding: .1em .3em; border-radius: 3px; }
pre { background: var(--pale); border: 1px solid var(--line); border-radius: 6px; padding: .9rem 1rem; overflow-x: auto; } pre code { padding: 0; background: none; }
.route { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9rem; margin: 0 0 .75rem; } .method { color: var(--mark); font-weight: 700; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .75rem 0 1rem; } th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); } th { color: var(--soft); font-weight: 500; }
td:first-child { white-space: nowrap; } .needed { color: var(--mark); font-size: .8rem; }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--soft); } dt { margin-top: 1rem; scroll-margin-top: 1rem; } dd { margin: .1rem 0 0; } :target { outline: 2px solid var(--mark); outline-offset: 6px; border-radius: 2px; }
@media (max-width: 60rem) { .page { grid-template-columns: minmax(0, 1fr); } nav { position: static; max-height: none; columns: 2; } }
@media print { nav { display: none; } .page { display: block; } }
`
