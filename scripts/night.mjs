// Draws the simulator's last night for the README: a row for each job, a bar for each run, a line for the deploy. Each row
// says its statuses in words, so that the drawing is readable in light, dark and print, and without colors.
//
// After a build:
//   node scripts/night.mjs            writes docs/images/last-night.svg
//   node scripts/night.mjs --print    prints it
import { FailureCause } from "@coalesce-runs/core"
import { Scenario } from "@coalesce-runs/simulator"
import { mkdirSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const now = Date.parse("2026-03-10T08:00:00Z")
const since = Date.parse("2026-03-09T18:00:00Z")
const hour = 3_600_000

const left = 180
const right = 560
const labels = 580
const width = 1080
const top = 64
const rowHeight = 30

const x = (time) => left + ((time - since) / (now - since)) * (right - left)
const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
const round = (number) => Math.round(number * 10) / 10

const style = `
  text { font: 13px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .soft { fill: #59636e; font-size: 12px }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .deploy { stroke: #8250df; stroke-width: 1.5; stroke-dasharray: 4 3 }
  .deploy-text { fill: #8250df; font-size: 12px }
  .completed { fill: #1a7f37 } .failed { fill: #d1242f } .canceled { fill: #9a6700 }
  .running { fill: none; stroke: #0969da; stroke-width: 2 }
  .why { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .soft { fill: #9198a1 } .grid { stroke: #3d444d }
    .deploy { stroke: #ab7df8 } .deploy-text { fill: #ab7df8 }
    .completed { fill: #3fb950 } .failed { fill: #f85149 } .canceled { fill: #d29922 } .running { stroke: #4493f8 }
  }`

/** The night's runs by job, in the order in which the jobs first ran. */
const night = () => {
  const runs = Scenario.runs(Scenario.lastNight({ now: new Date(now).toISOString(), timeZone: "Europe/London" }))
  const isOfNight = ({ runStartTime, runStatus }) =>
    runStartTime === undefined ? runStatus === "waitingToRun" : Date.parse(runStartTime) >= since
  const jobs = new Map()
  for (const run of runs.filter((run) => run.runType === "refresh" && isOfNight(run))) {
    const name = run.runDetails?.refreshDescription
    jobs.set(name, [...(jobs.get(name) ?? []), run])
  }
  return { jobs, deploys: runs.filter((run) => run.runType === "deploy" && isOfNight(run)) }
}

const bar = (run, y) => {
  const start = x(Date.parse(run.runStartTime))
  const end = run.runEndTime === undefined ? right : x(Date.parse(run.runEndTime))
  const width = round(Math.max(8, end - start))
  return run.runStatus === "failed"
    // A cross marks a failed run, also without color.
    ? `<path class="failed" d="M${round(start)} ${y - 15}h${width}v14h-${width}z"/>` +
      `<path d="M${round(start) + 1.5} ${y - 12}l${width - 3} 8m0 -8l-${
        width - 3
      } 8" stroke="#fff" stroke-width="1.5"/>`
    : `<rect class="${run.runStatus}" x="${round(start)}" y="${y - 15}" width="${width}" height="14" rx="2"/>`
}

const labelOf = (run) => {
  if (run.runStatus !== "failed") return `${run.id} ${run.runStatus === "waitingToRun" ? "waiting" : run.runStatus}`
  const { message } = FailureCause.classify(run.runFailureReason ?? "")
  const short = message
    .replace(/^[\w$]+:\s*(?:\d{6} \(\w{5}\):\s*)?/, "")
    .replace(/^SQL (?:compilation|access control) error:\s*(?:error line \d+ at position \d+\s*)?/, "")
    .replace(/\s*\d+ more nodes? failed\.$/, "")
    .replace(/ because resource monitor .*$/, "")
    .replace(/\.$/, "")
  return `${run.id} failed: ${short}`
}

const rowOf = ([name, runs], index) => {
  const y = top + (index + 1) * rowHeight
  const drawn = runs.filter((run) => run.runStartTime !== undefined).map((run) => bar(run, y))
  return [
    `<line class="grid" x1="${left}" x2="${width - 16}" y1="${y + 5}" y2="${y + 5}" opacity="0.5"/>`,
    `<text x="16" y="${y - 3}">${escaped(name)}</text>`,
    ...drawn,
    `<text class="soft" x="${labels}" y="${y - 3}">${escaped(runs.map(labelOf).join("; "))}</text>`
  ]
}

/** The drawing, as the text of an SVG file. */
const draw = () => {
  const { deploys, jobs } = night()
  const rows = [...jobs]
  const bottom = top + rows.length * rowHeight + 10
  const hours = Array.from({ length: (now - since) / hour / 2 + 1 }, (_, index) => since + index * 2 * hour)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${
      bottom + 16
    }" role="img" aria-labelledby="title desc">`,
    "<title id=\"title\">Last night in Coalesce</title>",
    `<desc id="desc">${
      escaped(rows.map(([name, runs]) => `${name}: ${runs.map(labelOf).join("; ")}`).join(". "))
    }.</desc>`,
    `<style>${style}</style>`,
    "<text class=\"title\" x=\"16\" y=\"26\">Last night</text>",
    ...hours.flatMap((time) => [
      `<line class="grid" x1="${round(x(time))}" x2="${round(x(time))}" y1="${top - 6}" y2="${bottom}"/>`,
      `<text class="soft" x="${round(x(time))}" y="${top - 12}" text-anchor="middle">${
        new Date(time).toISOString().slice(11, 16)
      }</text>`
    ]),
    ...deploys.flatMap((run) => {
      const at = round(x(Date.parse(run.runStartTime)))
      const message = run.runDetails?.deployCommitMessage
      return [
        `<line class="deploy" x1="${at}" x2="${at}" y1="34" y2="${bottom}"/>`,
        `<text class="deploy-text" x="${at + 6}" y="26">deploy ${run.id}: ${escaped(message)}</text>`
      ]
    }),
    ...rows.flatMap(rowOf),
    "</svg>",
    ""
  ].join("\n")
}

if (process.argv[2] === "--print") process.stdout.write(draw())
else {
  const folder = fileURLToPath(new URL("../docs/images/", import.meta.url))
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}last-night.svg`, draw())
}
