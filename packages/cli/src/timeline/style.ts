/** The look of a timeline: light, dark and in print. No meaning stands in a color alone. */

const light = {
  ink: "#1f2328",
  soft: "#57606a",
  grid: "#d8dee4",
  paper: "#ffffff",
  usual: "#dfe5ec",
  usualLine: "#8c959f",
  completed: "#2f6fb0",
  failed: "#b3261e",
  canceled: "#8a6100",
  open: "#0b5d57",
  deploy: "#7a3ec8",
  focus: "#0550ae"
}

const dark: typeof light = {
  ink: "#f0f6fc",
  soft: "#a5adb7",
  grid: "#343b44",
  paper: "#0d1117",
  usual: "#2b3440",
  usualLine: "#8b949e",
  completed: "#6cb0f2",
  failed: "#ff8272",
  canceled: "#e3b341",
  open: "#56d4c8",
  deploy: "#c297ff",
  focus: "#79c0ff"
}

const variables = (colors: typeof light): string =>
  Object.entries(colors).map(([name, value]) => `--${name}:${value}`).join(";")

/** Print is light, whatever the screen is. */
const colors = (selector: string): string =>
  `${selector}{${variables(light)}}` +
  `@media screen and (prefers-color-scheme:dark){${selector}{${variables(dark)}}}`

const picture = `
text{font:13px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
.soft{fill:var(--soft);font-size:12px}
.said{font-size:12px}
.day{font-weight:600}
.grid{stroke:var(--grid);stroke-width:1}
.usual{fill:var(--usual)}
.usual-line{stroke:var(--usualLine);stroke-width:1.5;fill:none}
.bar{stroke-width:1.5}
.completed .bar{fill:var(--completed);stroke:var(--completed)}
.failed .bar{fill:var(--failed);stroke:var(--failed)}
.failed .mark{fill:none;stroke:var(--paper);stroke-width:1.6}
.canceled .bar{stroke:var(--canceled)}
.canceled-line{stroke:var(--canceled);stroke-width:2}
.open .bar{fill:var(--paper);stroke:var(--open)}
.open .mark{fill:var(--open)}
.other .bar{fill:var(--paper);stroke:var(--ink);stroke-dasharray:2 2}
.other .mark{fill:var(--ink);stroke:none}
.deploy-line{stroke:var(--deploy);stroke-width:1.5;stroke-dasharray:5 3}
.deploy-flag{fill:var(--deploy)}
.deploy-text{fill:var(--deploy);font-size:12px}
a,.run{cursor:default}a[href]{cursor:pointer}
.run:focus{outline:2px solid var(--ink);outline-offset:2px}
`

/** The style of a picture that stands alone. */
export const svgStyle = colors("svg") +
  `@media print{svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}${picture}`

/** The style of the page. */
export const htmlStyle = `${colors(":root")}
:root{color-scheme:light dark}
body{margin:0 auto;max-width:1240px;padding:24px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
h1{font-size:22px;margin:0 0 4px}h2{font-size:18px;margin:32px 0 8px}
p{margin:4px 0}
.note{color:var(--soft)}
a{color:var(--focus)}
.skip{position:absolute;left:-999px}.skip:focus{left:24px;background:var(--paper);padding:4px 8px;outline:2px solid var(--focus)}
figure{margin:16px 0 0;overflow-x:auto}
figure:focus-visible{outline:2px solid var(--focus);outline-offset:4px}
svg{display:block;width:100%;min-width:860px;height:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-bottom:1px solid var(--grid);overflow-wrap:anywhere}
thead th{color:var(--soft);font-weight:600}
tbody th{font-weight:600;min-width:130px}
ul{margin:0;padding:0;list-style:none}
li a{color:inherit;text-decoration-color:var(--usualLine)}
td li{border-left:3px solid transparent;padding-left:8px}
td .s-failed{border-color:var(--failed)}
@media (max-width:640px){body{padding:12px}table,thead,tbody,tr,th,td{display:block}thead{position:absolute;left:-999px}tr{border-bottom:1px solid var(--grid);padding:6px 0}th,td{border:0;padding:2px 0}td.usually::before{content:"usually "}}
@media print{@page{size:A4 landscape;margin:12mm}body{max-width:none;padding:0;print-color-adjust:exact;-webkit-print-color-adjust:exact}figure{overflow:visible}svg{min-width:0}figure,tr{break-inside:avoid}h2{break-after:avoid}.skip{display:none}a{color:inherit;text-decoration:none}}
${picture}`
