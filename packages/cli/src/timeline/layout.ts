/** Places a timeline on a page: what lies where, in units of the picture. It knows nothing of SVG. */
import type * as RunTimeline from "@coalesce-runs/core/RunTimeline"
import { type ScaleTime, scaleUtc } from "d3-scale"
import * as DateTime from "effect/DateTime"

/** The columns of the picture: names, bars, runs that have not started, words. */
export const columns = { name: 16, bars: 250, waiting: 826, words: 858, width: 1180 } as const

export const barHeight = 14
const laneHeight = 18
const rowPadding = 14

/** The least width of a bar, so that its mark has room. */
const minWidth = 12

/** Rows go to another picture below beyond so many units, so that each fits on a printed page. */
const maxHeight = 620

export type Scale = ScaleTime<number, number>

export interface Bar {
  readonly run: RunTimeline.TimelineRun
  /** The run in words. */
  readonly said: string
  readonly x: number
  readonly y: number
  readonly width: number
  /** Whether it began before the window, and whether it goes on at the end of its bar. */
  readonly isOpenLeft: boolean
  readonly isOpenRight: boolean
}

/** What is usual: from a usual start on, for the p50 of the duration, and up to its p95. */
export interface Usual {
  readonly x: number
  readonly width: number
  readonly longest: number
}

export interface Row {
  readonly job: RunTimeline.TimelineJob
  readonly words: RunTimeline.JobWords
  readonly y: number
  readonly height: number
  readonly usual: ReadonlyArray<Usual>
  readonly bars: ReadonlyArray<Bar>
}

/** Rows that lie on one picture. */
export interface Page {
  readonly rows: ReadonlyArray<Row>
  /** The height of its rows together. */
  readonly height: number
}

export const scaleOf = ({ window: { since, until } }: RunTimeline.Timeline): Scale =>
  scaleUtc()
    .domain([DateTime.toDate(since), DateTime.toDate(until)])
    .range([columns.bars, columns.waiting - minWidth])
    .clamp(true)

const xOf = (scale: Scale, instant: DateTime.Utc): number => scale(DateTime.toDate(instant))

const millis = (instant: DateTime.Utc): number => DateTime.toEpochMillis(instant)

type Placed = Omit<Bar, "y">

const placed = (
  run: RunTimeline.TimelineRun,
  said: string,
  { readAt, window }: RunTimeline.Timeline,
  scale: Scale
): Placed => {
  const { runEndTime, runStartTime } = run
  if (runStartTime === undefined) {
    return { run, said, x: columns.waiting + 6, width: minWidth, isOpenLeft: false, isOpenRight: false }
  }
  const isEnded = runEndTime !== undefined && millis(runEndTime) >= millis(runStartTime)
  const isOpen = runEndTime === undefined && !["completed", "failed", "canceled"].includes(run.runStatus)
  const end = isEnded ? runEndTime : isOpen ? DateTime.min(readAt, window.until) : runStartTime
  const x = xOf(scale, runStartTime)
  return {
    run,
    said,
    x,
    width: Math.max(minWidth, xOf(scale, end) - x),
    isOpenLeft: millis(runStartTime) < millis(window.since),
    isOpenRight: isOpen || (isEnded && millis(runEndTime) > millis(window.until))
  }
}

/** Gives each bar the first lane that is free where it begins, so that none covers another. */
const inLanes = (bars: ReadonlyArray<Placed>): ReadonlyArray<{ readonly bar: Placed; readonly lane: number }> => {
  const ends: Array<number> = []
  return bars.map((bar) => {
    const free = ends.findIndex((end) => end <= bar.x)
    const lane = free === -1 ? ends.length : free
    ends[lane] = bar.x + bar.width + 3
    return { bar, lane }
  })
}

const usualOf = (
  { usual, usualStarts }: RunTimeline.TimelineJob,
  scale: Scale
): ReadonlyArray<Usual> =>
  usualStarts.map((start) => {
    const x = xOf(scale, start)
    const after = (duration = 0) => xOf(scale, DateTime.add(start, { milliseconds: duration })) - x
    return { x, width: after(usual?.duration?.p50Millis), longest: after(usual?.duration?.p95Millis) }
  })

/** Places the rows on pages, each beginning at 0. */
export const layout = (timeline: RunTimeline.Timeline, words: RunTimeline.TimelineWords): ReadonlyArray<Page> => {
  const scale = scaleOf(timeline)
  const pages: Array<{ rows: Array<Row>; height: number }> = []
  for (const [index, job] of timeline.jobs.entries()) {
    const jobWords = words.jobs[index]
    if (jobWords === undefined) continue
    const lanes = inLanes(
      job.runs.map((run, at) => placed(run, jobWords.runs[at] ?? "", timeline, scale)).sort((a, b) => a.x - b.x)
    )
    const height = Math.max(1, ...lanes.map(({ lane }) => lane + 1)) * laneHeight + rowPadding
    let page = pages.at(-1)
    if (page === undefined || (page.rows.length > 0 && page.height + height > maxHeight)) {
      page = { rows: [], height: 0 }
      pages.push(page)
    }
    const y = page.height
    page.rows.push({
      job,
      words: jobWords,
      y,
      height,
      usual: usualOf(job, scale),
      bars: lanes.map(({ bar, lane }) => ({ ...bar, y: y + rowPadding / 2 + lane * laneHeight }))
    })
    page.height += height
  }
  return pages
}
