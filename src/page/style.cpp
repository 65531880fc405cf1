#include "page/page.hpp"

namespace assay::page {

// One column on a phone; tables scroll in their own frame, never the page. Colours keep their contrast in the
// dark and say nothing that the words do not.
std::string_view style_sheet() {
  return R"css(
:root { --ink: #1b1f24; --faint: #5b6570; --line: #d8dee4; --paper: #ffffff; --tint: #f5f7f9;
  --good: #116329; --good-tint: #dafbe1; --bad: #a40e26; --bad-tint: #ffe2e0; --open: #7a4b00;
  --open-tint: #fff1cf;
  --mark: #0a58ca; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #9aa5b1; --line: #30363d; --paper:
  #0d1117;
  --tint: #161b22; --good: #7ee2a0; --good-tint: #10341d; --bad: #ffa198; --bad-tint: #4a1416; --open:
  #f2cc60;
  --open-tint: #3d2c00; --mark: #79b8ff; } img.figure { background: #fff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: .5rem 0; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem; padding-top:
  .6rem;
  border-top: 1px solid var(--line); } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p.note, .key { color: var(--faint); } p.note { margin: .2rem 0; font-size: .9rem; }
a { color: var(--mark); } code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size:
  .9em; }
.wide { overflow-x: auto; margin: .4rem 0; } table { border-collapse: collapse; font-size: .86rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-bottom: 1px solid var(--line);
  overflow-wrap: normal; max-width: 32rem; }
th { color: var(--faint); font-weight: 600; white-space: nowrap; } td { font-variant-numeric:
  tabular-nums; }
td .wide { margin: 0; } td span[title] { white-space: nowrap; } td.long { overflow-wrap: anywhere;
  min-width: 14rem; }
.chip { display: inline-block; padding: 0 .5em; border-radius: .7em; font-size: .82rem; font-weight: 600;
  white-space: nowrap; }
.good { color: var(--good); background: var(--good-tint); } .bad { color: var(--bad); background:
  var(--bad-tint); }
.open { color: var(--open); background: var(--open-tint); }
.problem { border-left: 4px solid var(--bad); padding: .2rem .8rem; background: var(--bad-tint); color:
  var(--bad); }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--faint); }
img.figure { max-width: 100%; height: auto; }
svg.chart { width: 16rem; max-width: 100%; height: auto; display: block; }
.chart .band { fill: var(--line); opacity: .6; } .chart .axis { stroke: var(--faint); stroke-width: 1; }
.chart .interval { stroke: var(--mark); stroke-width: 3; } .chart .mark { fill: var(--mark); }
.chart .dot { fill: var(--mark); opacity: .55; } .chart .median { stroke: var(--ink); stroke-width: 1.5; }
.front a { overflow-wrap: anywhere; }
@media (max-width: 40rem) { th, td { padding: .25rem .3rem; } .front table { width: 100%; }
  .front td:first-child { min-width: 11rem; } }
@media print { body { max-width: none; font-size: 10pt; } .wide { overflow: visible; } h2 { break-after:
  avoid; }
  table, img, svg { break-inside: avoid; } }
)css";
}

}  // namespace assay::page
