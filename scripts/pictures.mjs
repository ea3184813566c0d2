// The pictures of the documentation, of the simulator's last night at a fixed time: what `coalesce-runs timeline` and
// `coalesce-runs check` show. After a build.
import { Report, RunHealth, RunTimeline } from "@coalesce-runs/core"
import { Scenario, Simulator } from "@coalesce-runs/simulator"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { nameCall } from "../packages/cli/dist/nameCall.js"
import { toHtml } from "../packages/cli/dist/timeline/html.js"
import { toSvg } from "../packages/cli/dist/timeline/svg.js"

const now = "2026-03-10T08:00:00Z"
const timeZone = "Europe/London"

const ofNight = (effect) =>
  Effect.runPromise(
    TestClock.setTime(Date.parse(now)).pipe(
      Effect.andThen(effect),
      Effect.provide(Simulator.layerClient({ scenario: Scenario.lastNight({ now, timeZone }) })),
      Effect.provide(TestClock.layer())
    )
  )

/** The night as `timeline` draws it. */
export const night = async () => {
  const timeline = await ofNight(RunTimeline.read({ timeZone }))
  const words = RunTimeline.words(timeline)
  return { svg: toSvg(timeline, words), html: toHtml(timeline, words) }
}

/** The colors of a terminal, as its user chose them: these are common. */
const style = `
  rect { fill: #ffffff; stroke: #d0d7de }
  text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; white-space: pre }
  .s1 { font-weight: 700 } .s2 { fill: #59636e } .s31 { fill: #b3261e } .s32 { fill: #1a6b34 } .s33 { fill: #7d5700 } .s36 { fill: #0b5d73 }
  @media (prefers-color-scheme: dark) {
    rect { fill: #0d1117; stroke: #3d444d } text { fill: #e6edf3 }
    .s2 { fill: #9da7b3 } .s31 { fill: #ff8272 } .s32 { fill: #57c275 } .s33 { fill: #e3b341 } .s36 { fill: #62cbe0 }
  }`

const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** A line of a terminal: each escape sequence, such as \`ESC[1;31m\`, begins a span with its codes, and \`ESC[0m\` ends it. */
const lineSvg = (line, index) => {
  const spans = line.split(/\u001b\[([\d;]*)m/)
  const inside = spans.map((part, at) => {
    if (at % 2 === 1 || part === "") return ""
    const codes = at === 0 ? "" : spans[at - 1]
    return codes === "" || codes === "0"
      ? escaped(part)
      : `<tspan class="${codes.split(";").map((code) => `s${code}`).join(" ")}">${escaped(part)}</tspan>`
  }).join("")
  return `<text x="16" y="${28 + index * 18}" xml:space="preserve">${inside}</text>`
}

/** What a terminal shows, as SVG. */
export const terminalSvg = (text, title) => {
  // What is colored at the end of a line stays so on the next.
  let open = ""
  const lines = text.split("\n").map((line) => {
    const whole = open + line
    open = /^[^]*(\u001b\[[\d;]*m)/.exec(whole)?.[1] ?? ""
    return whole
  })
  const height = lines.length * 18 + 30
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<rect x="0.5" y="0.5" width="859" height="${height - 1}" rx="6"/>`,
    ...lines.map(lineSvg),
    "</svg>",
    ""
  ].join("\n")
}

/** The morning's question in a terminal of 100 columns. */
export const check = async () => {
  const health = await ofNight(RunHealth.check({ timeZone }))
  const text = Report.toTerminal(RunHealth.report(health, { now: new Date(now) }), {
    nameCall,
    color: true,
    width: 100
  })
  const command = `coalesce-runs check --demo --time-zone ${timeZone}`
  return terminalSvg(`\u001b[2m$\u001b[0m ${command}\n${text}`, `${command}, in a terminal`)
}
