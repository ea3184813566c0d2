/** Draws a timeline as SVG: a row for each job, a bar for each run, a line for each deploy, what is usual behind them. */
import type * as RunTimeline from "@coalesce-runs/core/RunTimeline"
import { symbol, symbolCircle, symbolTimes, symbolTriangle } from "d3-shape"
import * as DateTime from "effect/DateTime"
import { escaped, fitted } from "./escape.ts"
import { type Bar, barHeight, columns, layout, type Page, type Row, scaleOf } from "./layout.ts"
import { svgStyle } from "./style.ts"

const round = (number: number): number => Math.round(number * 10) / 10

const kindOf = ({ runEndTime, runStatus }: RunTimeline.TimelineRun): string =>
  runStatus === "completed" || runStatus === "failed" || runStatus === "canceled"
    ? runStatus
    : runEndTime === undefined
    ? "open"
    : "other"

/** A mark in the middle of a bar says its status without color: failed ×, canceled hatched, not ended ▸, waiting ●. */
const markOf = (kind: string, x: number, y: number, isWaiting: boolean): string => {
  const at = (path: string | null, turn = "") =>
    `<path class="mark" d="${path ?? ""}" transform="translate(${round(x)} ${round(y)})${turn}"/>`
  if (kind === "failed") return at(symbol(symbolTimes, 44)())
  if (kind === "open") {
    return isWaiting
      ? at(symbol(symbolCircle, 22)())
      : at(symbol(symbolTriangle, 30)(), " rotate(90)")
  }
  return kind === "other" ? `<text class="mark" x="${round(x)}" y="${round(y + 4)}" text-anchor="middle">?</text>` : ""
}

/** A bar ends in a point where the run goes on, and has an open side where it began before the window. */
const outline = ({ isOpenLeft, isOpenRight, width, x, y }: Bar): string => {
  const [left, right, point] = [round(x), round(x + width), barHeight / 2]
  const tip = isOpenRight
    ? `H${round(right - 5)}L${right} ${y + point}L${round(right - 5)} ${y + barHeight}`
    : `H${right}V${y + barHeight}`
  const back = isOpenLeft ? `H${left}L${round(left + 5)} ${y + point}` : `H${left}`
  return `M${left} ${y}${tip}${back}Z`
}

const linked = (attributes: string, link: string | undefined, inside: string): string =>
  link === undefined
    ? `<g ${attributes} role="img" tabindex="0">${inside}</g>`
    : `<a ${attributes} href="${escaped(link)}" rel="noreferrer">${inside}</a>`

const drawBar = (bar: Bar, hatch: string): string => {
  const { run, said, width, x, y } = bar
  const kind = kindOf(run)
  const fill = kind === "canceled" ? ` fill="url(#${hatch})"` : ""
  return linked(
    `class="run ${kind}" aria-label="${escaped(said)}"`,
    run.runLink,
    `<title>${escaped(said)}</title><path class="bar"${fill} d="${outline(bar)}"/>${
      markOf(kind, x + width / 2, y + barHeight / 2, run.runStartTime === undefined)
    }`
  )
}

const drawUsual = ({ usual, words, y, height }: Row): string =>
  usual.length === 0
    ? ""
    : `<g><title>${escaped(`usually ${words.usual ?? ""}`)}</title>${
      usual.map(({ longest, width, x }) =>
        `<rect class="usual" x="${round(x)}" y="${y + 3}" width="${round(Math.max(3, width))}" height="${
          height - 6
        }"/>` +
        `<path class="usual-line" d="M${round(x)} ${y + 3}v${height - 6}M${round(x)} ${round(y + height - 3)}h${
          round(Math.max(3, longest))
        }"/>`
      ).join("")
    }</g>`

const drawRow = (row: Row, hatch: string): string => {
  const { bars, height, words, y } = row
  const base = y + 18
  const isFailed = bars.some(({ run }) => run.runStatus === "failed")
  return `<g role="group" aria-label="${
    escaped([words.title, words.said, ...(words.usual === undefined ? [] : [`usually ${words.usual}`])].join("; "))
  }">` +
    `<line class="grid" x1="${columns.name}" x2="${columns.width - 16}" y1="${y + height}" y2="${y + height}"/>` +
    drawUsual(row) +
    `<text x="${columns.name}" y="${base}">${escaped(fitted(words.name, 31))}</text>` +
    bars.map((bar) => drawBar(bar, hatch)).join("") +
    `<text class="${isFailed ? "said" : "soft"}" x="${columns.words}" y="${base}">${
      escaped(fitted(words.said, 48))
    }</text></g>`
}

/** Marks whose words would run into one another are drawn without words. */
const drawDeploys = (
  { deploys }: RunTimeline.Timeline,
  said: ReadonlyArray<string>,
  x: (run: RunTimeline.TimelineRun) => number | undefined,
  bottom: number
): string => {
  let free = 0
  return deploys.map((run, index) => {
    const at = x(run)
    if (at === undefined) return ""
    const text = `deploy ${run.id}`
    const hasRoom = at + 8 >= free
    if (hasRoom) free = at + 8 + text.length * 7
    return linked(
      `class="run deploy" aria-label="${escaped(said[index] ?? "")}"`,
      run.runLink,
      `<title>${escaped(said[index] ?? "")}</title><line class="deploy-line" x1="${round(at)}" x2="${
        round(at)
      }" y1="22" y2="${bottom}"/>` +
        `<path class="deploy-flag" d="M${round(at)} 10l7 6l-7 6z"/>${
          hasRoom ? `<text class="deploy-text" x="${round(at + 10)}" y="20">${escaped(text)}</text>` : ""
        }`
    )
  }).join("")
}

const drawAxis = (
  { ticks }: RunTimeline.TimelineWords,
  x: (instant: DateTime.Utc) => number,
  top: number,
  bottom: number
): string => {
  const hasTimes = ticks.some(({ time }) => time !== ticks[0]?.time)
  let free = 0
  return ticks.map(({ at, day, time }, index) => {
    const position = round(x(at))
    const isNewDay = hasTimes && ticks[index - 1]?.day !== day
    const text = hasTimes ? time : day
    const half = text.length * 3.4
    const hasRoom = position - half >= free
    if (hasRoom) free = position + half + 4
    return `<line class="grid" x1="${position}" x2="${position}" y1="${top - 4}" y2="${bottom}"/>` +
      (hasRoom
        ? `<text class="soft" x="${position}" y="${top - 8}" text-anchor="middle">${escaped(text)}</text>`
        : "") +
      (isNewDay
        ? `<text class="soft day" x="${position}" y="${top - 24}" text-anchor="middle">${escaped(day)}</text>`
        : "")
  }).join("")
}

/** The sign of each status, as the bars have it. */
export const legend: ReadonlyArray<readonly [status: string, word: string]> = [
  ["completed", "completed"],
  ["failed", "failed"],
  ["canceled", "canceled"],
  ["running", "not ended"],
  ["waitingToRun", "not started"]
]

const drawLegend = (hatch: string, y: number): string => {
  let x: number = columns.name
  const items = legend.map(([status, word]) => {
    const kind = status === "running" || status === "waitingToRun" ? "open" : status
    const isWaiting = status === "waitingToRun"
    const width = isWaiting ? 12 : 26
    const fill = kind === "canceled" ? ` fill="url(#${hatch})"` : ""
    const tip = status === "running" ? "H21L26 7L21 14" : `H${width}V14`
    const drawn = `<g class="${kind}" transform="translate(${x} ${y})"><path class="bar"${fill} d="M0 0${tip}H0Z"/>${
      markOf(kind, width / 2, barHeight / 2, isWaiting)
    }<text class="soft" x="${width + 6}" y="11">${word}</text></g>`
    x += width + 24 + word.length * 7
    return drawn
  })
  return `<g aria-hidden="true">${items.join("")}<g transform="translate(${x} ${y})">` +
    `<rect class="usual" width="20" height="14"/><path class="usual-line" d="M0 0v14M0 14h26"/>` +
    `<text class="soft" x="32" y="11">usual start, p50 and p95</text></g></g>`
}

/** Draws one page. `style` stands in it where it stands alone. */
const drawPage = (
  timeline: RunTimeline.Timeline,
  words: RunTimeline.TimelineWords,
  { height, rows }: Page,
  index: number,
  style: string
): string => {
  const scale = scaleOf(timeline)
  const x = (instant: DateTime.Utc) => scale(DateTime.toDate(instant))
  const [top, legendHeight] = [64, index === 0 ? 30 : 4]
  const bottom = top + height
  const hatch = `hatch${index}`
  const title = index === 0 ? words.headline : `${words.headline} Page ${index + 1}.`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns.width} ${
    bottom + legendHeight + 8
  }" role="graphics-document document" aria-labelledby="title${index}" aria-describedby="desc${index}">` +
    `<title id="title${index}">${escaped(title)}</title>` +
    `<desc id="desc${index}">A row for each job, a bar for each run, a dashed line for each deploy; behind the bars what is usual. Times are of ${
      escaped(words.timeZone)
    }.</desc>` +
    style +
    `<defs><pattern id="${hatch}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="canceled-line" y2="6"/></pattern></defs>` +
    drawAxis(words, x, top, bottom) +
    `<g transform="translate(0 ${top})">${rows.map((row) => drawRow(row, hatch)).join("")}</g>` +
    drawDeploys(
      timeline,
      words.deploys,
      ({ runStartTime }) => runStartTime === undefined ? undefined : x(runStartTime),
      bottom
    ) +
    (index === 0 ? drawLegend(hatch, bottom + 12) : "") +
    "</svg>"
}

/** The pictures of a page, without a style of their own. */
export const pictures = (
  timeline: RunTimeline.Timeline,
  words: RunTimeline.TimelineWords
): ReadonlyArray<string> => layout(timeline, words).map((page, index) => drawPage(timeline, words, page, index, ""))

/** One picture that stands alone. */
export const toSvg = (timeline: RunTimeline.Timeline, words: RunTimeline.TimelineWords): string => {
  const pages = layout(timeline, words)
  let height = 0
  const rows = pages.flatMap((page) => {
    const shift = height
    height += page.height
    return page.rows.map((row) => ({
      ...row,
      y: row.y + shift,
      bars: row.bars.map((bar) => ({ ...bar, y: bar.y + shift }))
    }))
  })
  return `${drawPage(timeline, words, { rows, height }, 0, `<style>${svgStyle}</style>`)}\n`
}
