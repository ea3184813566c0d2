/** Draws the runs of a job as a strip of characters, for a terminal. */
import * as DateTime from "effect/DateTime"
import { isTerminal } from "../Run.ts"
import type { RunLine } from "../RunList.ts"
import type { RunWindow } from "../RunWindow.ts"
import type { Tick } from "./clockTicks.ts"
import type { TimelineJob } from "./model.ts"

/** The columns of a strip. */
export const columns = 48

const marks = { none: ".", usual: "'", other: "?", completed: "=", canceled: "c", open: ">", failed: "X" } as const

type Mark = keyof typeof marks

/** The more urgent mark wins where two share a column. */
const urgency: ReadonlyArray<Mark> = ["none", "usual", "completed", "canceled", "other", "open", "failed"]

const deploy = "|"

/** Says what the characters mean. */
export const legend = `Each row: ${
  [
    `${marks.completed} completed`,
    `${marks.failed} failed`,
    `${marks.canceled} canceled`,
    `${marks.open} not ended`,
    `${marks.other} another status`,
    `${marks.usual} usual start`,
    `${deploy} deploy`
  ].join(", ")
}.`

const markOf = ({ runEndTime, runStatus }: RunLine): Mark =>
  isTerminal(runStatus)
    ? runStatus
    : runEndTime === undefined
    ? "open"
    : "other"

const columnOf = ({ since, until }: RunWindow, instant: DateTime.Utc): number => {
  const [first, last, at] = [since, until, instant].map(DateTime.toEpochMillis)
  const part = ((at ?? 0) - (first ?? 0)) / ((last ?? 0) - (first ?? 0))
  return Math.min(columns - 1, Math.max(0, Math.floor(part * columns)))
}

/** `......'==X>>`: a character for each part of the window. */
export const strip = (
  { runs, usualStarts }: Pick<TimelineJob, "runs" | "usualStarts">,
  window: RunWindow
): string => {
  const drawn = Array.from({ length: columns }, (): Mark => "none")
  const put = (column: number, mark: Mark) => {
    if (urgency.indexOf(mark) > urgency.indexOf(drawn[column] ?? "none")) drawn[column] = mark
  }
  for (const start of usualStarts) put(columnOf(window, start), "usual")
  for (const run of runs) {
    if (run.runStartTime === undefined) continue
    const mark = markOf(run)
    const end = run.runEndTime ?? (mark === "open" ? window.until : run.runStartTime)
    const last = columnOf(window, end)
    for (let column = columnOf(window, run.runStartTime); column <= last; column++) put(column, mark)
  }
  return drawn.map((mark) => marks[mark]).join("")
}

/** `......|.....`: a mark for each deploy. */
export const deployStrip = (deploys: ReadonlyArray<RunLine>, window: RunWindow): string => {
  const at = new Set(
    deploys.flatMap(({ runStartTime }) => runStartTime === undefined ? [] : [columnOf(window, runStartTime)])
  )
  return Array.from({ length: columns }, (_, column) => at.has(column) ? deploy : marks.none).join("")
}

/** `18:00 20:00 22:00`: each mark above its column, as far as there is room. */
export const axis = (window: RunWindow, ticks: ReadonlyArray<Tick>): string => {
  let text = ""
  for (const { at, day, time } of ticks) {
    const column = columnOf(window, at)
    const label = ticks.some((other) => other.time !== time) ? time : day.slice(5)
    if (column >= text.length && column + label.length <= columns + 3) text = text.padEnd(column) + label + " "
  }
  return text.trimEnd()
}
