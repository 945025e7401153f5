"""The style sheet of the HTML pages: readable in print, in the dark and on a telephone."""

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #57606a; --line: #d0d7de; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9da7b1; --line: #30363d; }
}
body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 46rem; line-height: 1.55;
  font-family: Georgia, "Times New Roman", serif; font-size: 1.0625rem;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1, h2, h3, h4 { line-height: 1.25; margin: 2rem 0 .75rem; }
h1 { font-size: 1.75rem; margin-top: 1rem; }
.by { color: var(--soft); }
.statement { margin: 1.75rem 0; padding-left: 1rem; border-left: .2rem solid var(--line); }
.aside { font-size: .85em; color: var(--soft); }
.wide { overflow-x: auto; margin: 1rem 0; }
.chain { border-collapse: collapse; margin: 0 auto; }
.chain td { padding: .3rem .15rem; vertical-align: baseline; white-space: nowrap; }
.chain td.left { text-align: right; }
.chain td.reason { padding-left: 2rem; color: var(--soft); white-space: normal; min-width: 9rem;
  font-size: .95em; }
.chain td.number { padding-left: 1.5rem; text-align: right; }
.data { border-collapse: collapse; margin: 0 auto; }
.data caption { padding-bottom: .5rem; color: var(--soft); }
.data th, .data td { padding: .35rem .75rem; text-align: left; vertical-align: baseline;
  overflow-wrap: break-word; }
.data thead th { border-top: 2px solid; border-bottom: 1px solid; }
.data tbody tr:last-child td { border-bottom: 2px solid; }
mtd[columnalign="left"] { text-align: left; }
figure { margin: 1.5rem 0; text-align: center; }
figure img { max-width: 100%; height: auto; background: #fff; }
figcaption { color: var(--soft); }
.tied { white-space: nowrap; }
p math { overflow-x: auto; overflow-y: hidden; max-width: 100%; }
@media (max-width: 40rem) {
  .data { font-size: .85em; }
  .data th, .data td { padding: .35rem .3rem; hyphens: auto; }
  .data td:last-child { overflow-wrap: anywhere; }
  .chain { margin: 0; }
  .chain, .chain tbody { display: block; width: max-content; max-width: none; }
  .chain tr { display: block; padding: .3rem 0; }
  .chain td { display: inline-block; padding: .1rem 0; }
  .chain td:empty { display: none; }
  .chain td.reason { display: block; padding: 0 0 0 1.5rem; max-width: calc(100vw - 5rem); }
  .chain td.number { padding-left: .75rem; }
}
nav ul { list-style: none; padding-left: 0; }
nav .level2 { padding-left: 1.5em; }
nav .level3 { padding-left: 3em; }
""".strip()
