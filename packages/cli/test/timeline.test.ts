/** The drawing of a timeline: each run once, nothing over another, statuses without colors, and no way out of a text. */
import { Run, RunBaseline, RunList, RunsInMemory, RunTimeline } from "@coalesce-runs/core"
import { assert, describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as FastCheck from "fast-check"
import { createHash } from "node:crypto"
import { toHtml } from "../src/timeline/html.ts"
import { layout } from "../src/timeline/layout.ts"
import { pictures, toSvg } from "../src/timeline/svg.ts"

type TestRun = RunsInMemory.TestRun

const time = (minutes: number): string => new Date(Date.parse("2026-03-10T00:00:00Z") + minutes * 60_000).toISOString()

const run = (id: number, jobID: number, minute: number, fields: Partial<TestRun> = {}): TestRun => ({
  id,
  runType: "refresh",
  runStatus: "completed",
  environmentID: "3",
  runStartTime: time(minute),
  ...(fields.runStatus === "running" ? {} : { runEndTime: time(minute + 30) }),
  ...fields,
  runDetails: { jobID, refreshDescription: `Job ${jobID}`, ...fields.runDetails }
})

/** Job 7 at 02:00 each night for four weeks. */
const weeks = Array.from({ length: 28 }, (_, index) => run(index + 1, 7, 120 - (28 - index) * 1440))

const night: ReadonlyArray<TestRun> = [
  ...weeks,
  {
    id: 100,
    runType: "deploy",
    runStatus: "completed",
    environmentID: "3",
    runStartTime: time(60),
    runEndTime: time(63)
  },
  run(101, 7, 120, { runStatus: "failed", runFailureReason: "Division by zero" }),
  run(102, 7, 140, { reRunID: 101 }),
  run(103, 8, 200, { runStatus: "canceled" }),
  run(104, 9, -1000, { runStatus: "running" }),
  run(105, 10, 400, { runStatus: "running" }),
  { id: 106, runType: "refresh", runStatus: "waitingToRun", environmentID: "3", runDetails: { jobID: 11 } },
  run(107, 12, 300, { runStatus: "quarantined" })
]

const read = (runs: ReadonlyArray<TestRun> = night, options: RunTimeline.Options = {}) =>
  TestClock.setTime(Date.parse("2026-03-10T08:00:00Z")).pipe(
    Effect.andThen(RunTimeline.read({ timeZone: "UTC", ...options })),
    Effect.provide(RunsInMemory.layer({ runs })),
    Effect.provideService(RunBaseline.Cache, RunBaseline.makeCache())
  )

/** Checks that each element is closed in its order, and that nothing but the known elements is there. */
const elementsOf = (markup: string): ReadonlyArray<string> => {
  const open: Array<string> = []
  const names: Array<string> = []
  for (
    const [, close, name = "", own] of markup.matchAll(/<(\/?)([a-zA-Z][\w-]*)(?:\s+[\w:-]+(?:="[^"<]*")?)*\s*(\/?)>/g)
  ) {
    if (close === "/") assert.strictEqual(open.pop(), name)
    else {
      names.push(name)
      if (own !== "/" && name !== "meta") open.push(name)
    }
  }
  assert.deepStrictEqual(open, [])
  assert.strictEqual(
    markup.split("<").length - 1,
    names.length + markup.split("</").length - 1 + markup.split("<!").length - 1
  )
  return names
}

const labelsOf = (markup: string): ReadonlyArray<string> =>
  [...markup.matchAll(/class="run [^"]*" aria-label="([^"]*)"/g)].map(([, label = ""]) => label)

describe("the picture of a timeline", () => {
  it.effect("draws each run and each deploy once, with its words, a tooltip and a link to its page", () =>
    Effect.gen(function*() {
      const timeline = yield* read()
      const svg = toSvg(timeline, RunTimeline.words(timeline))
      assert.strictEqual(new Set(labelsOf(svg).map((label) => /\b10\d\b/.exec(label)?.[0])).size, 8)
      assert.lengthOf(labelsOf(svg), 8)
      for (const label of labelsOf(svg)) assert.include(svg, `<title>${label}</title>`)
      assert.include(svg, "href=\"https://runs.invalid/runs/101\"")
      assert.include(svg, "101 failed (division by zero), 102 completed")
      assert.include(svg, "usually started about 02:00 UTC")
      elementsOf(svg)
    }))

  it.effect("is the same bytes for the same facts", () =>
    Effect.gen(function*() {
      const [one, two] = [yield* read(), yield* read()]
      assert.strictEqual(toHtml(one, RunTimeline.words(one)), toHtml(two, RunTimeline.words(two)))
      yield* Effect.promise(() =>
        expect(toSvg(one, RunTimeline.words(one)).replaceAll("><", ">\n<")).toMatchFileSnapshot("./data/timeline.svg")
      )
    }))

  it.effect("tells statuses apart without color, an open end by a point, and a start before the window by a notch", () =>
    Effect.gen(function*() {
      const shapes = new Map<string, string>()
      for (const runStatus of ["completed", "failed", "canceled", "running", "quarantined"]) {
        const end = runStatus === "running" ? {} : { runEndTime: time(480) }
        const timeline = yield* read([run(1, 7, 400, { runStatus, ...end })])
        const svg = toSvg(timeline, RunTimeline.words(timeline))
        const [, inside = ""] = /class="run [^>]*>(.*?)<\/(?:a|g)>/.exec(svg) ?? []
        shapes.set(inside.replace(/<title>.*?<\/title>/, ""), runStatus)
      }
      assert.lengthOf([...shapes], 5)
      const timeline = yield* read()
      const bars = layout(timeline, RunTimeline.words(timeline)).flatMap(({ rows }) => rows).flatMap(({ bars }) => bars)
      const openAt = (side: "isOpenLeft" | "isOpenRight") =>
        bars.filter((bar) => bar[side]).map(({ run }) => Number(run.id))
      assert.deepStrictEqual(openAt("isOpenLeft"), [104])
      assert.deepStrictEqual(openAt("isOpenRight"), [104, 105])
    }))

  it("lays no bar over another, and each within its row, whatever overlaps", () => {
    const anyRun = FastCheck.record({
      job: FastCheck.integer({ min: 1, max: 3 }),
      start: FastCheck.option(FastCheck.integer({ min: -2000, max: 2000 }), { nil: undefined }),
      length: FastCheck.option(FastCheck.integer({ min: -5, max: 900 }), { nil: undefined }),
      runStatus: FastCheck.constantFrom("completed", "failed", "running", "canceled")
    })
    FastCheck.assert(
      FastCheck.property(FastCheck.array(anyRun, { maxLength: 60 }), (runs) => {
        const at = (minutes: number) => DateTime.makeUnsafe(time(minutes))
        const lines = runs.map(({ job, length, runStatus, start }, index): RunList.RunLine => ({
          id: Run.RunId.make(index + 1),
          runType: "refresh",
          runStatus,
          jobID: job,
          ...(start === undefined ? {} : { runStartTime: at(start) }),
          ...(start === undefined || length === undefined ? {} : { runEndTime: at(start + length) })
        }))
        const timeline: RunTimeline.Timeline = {
          readAt: at(480),
          window: { since: at(-360), until: at(480), timeZone: "UTC", timeZoneSource: "given" },
          filter: {},
          jobs: [1, 2, 3].map((jobID) => ({
            key: `${jobID}`,
            runType: "refresh",
            jobID,
            runs: lines.filter((run) => run.jobID === jobID),
            more: 0,
            usualStarts: []
          })),
          deploys: [],
          found: { runs: runs.length, deploys: 0 },
          more: { jobs: 0, runs: 0, deploys: 0 },
          rows: runs.length,
          truncated: false,
          unavailable: []
        }
        const rows = layout(timeline, RunTimeline.words(timeline)).flatMap(({ rows }) => rows)
        assert.strictEqual(rows.reduce((sum, { bars }) => sum + bars.length, 0), runs.length)
        for (const { bars, height, y } of rows) {
          for (const [index, bar] of bars.entries()) {
            assert.isTrue(bar.y >= y && bar.y + 14 <= y + height && bar.width >= 12)
            for (const other of bars.slice(index + 1)) {
              assert.isTrue(bar.y !== other.y || bar.x + bar.width < other.x || other.x + other.width < bar.x)
            }
          }
        }
      }),
      { numRuns: 100, seed: 7 }
    )
  })

  it.effect(
    "stays whole with 200 jobs and 2,000 runs, on pages of which none is higher than it is wide",
    () =>
      Effect.gen(function*() {
        const runs = Array.from({ length: 2100 }, (_, index) => run(index + 1, index % 210, -300 + (index * 7) % 700))
        const timeline = yield* read(runs, { baseline: "none" })
        const words = RunTimeline.words(timeline)
        const pages = pictures(timeline, words)
        assert.lengthOf(pages.flatMap(labelsOf), 2000)
        for (const page of pages) assert.isAtMost(Number(/viewBox="0 0 1180 (\d+)"/.exec(page)?.[1]), 900)
        const html = toHtml(timeline, words)
        assert.include(html, "Left out: 10 jobs, 100 runs.")
        assert.isBelow(html.length, 2_000_000)
      }),
    30_000
  )

  it.effect("keeps real distances where daylight saving ends", () =>
    Effect.gen(function*() {
      const timeline = yield* read([], {
        since: "2026-10-24T22:00:00Z",
        until: "2026-10-25T04:00:00Z",
        timeZone: "Europe/London",
        baseline: "none"
      })
      const svg = toSvg(timeline, RunTimeline.words(timeline))
      const positions = [...svg.matchAll(/<text class="soft" x="([\d.]+)"[^>]*>(\d\d:\d\d)/g)].map(([, x, text]) => [
        text,
        Number(x)
      ])
      const distances = positions.slice(1).map(([, x], index) => Math.round(Number(x) - Number(positions[index]?.[1])))
      assert.include(positions.map(([text]) => text), "01:00")
      assert.isAtMost(Math.max(...distances) - Math.min(...distances), 1)
    }))
})

describe("the page of a timeline", () => {
  const hostile = [
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</style></title></svg></a><iframe>",
    "]]><!--<a href=\"javascript:alert(1)\">",
    "\u0000\u001b[31m\u202e\ud800 & &lt; &#39;"
  ]

  it.effect("holds hostile text as text, loads nothing and runs nothing", () =>
    Effect.gen(function*() {
      const timeline = yield* read(hostile.flatMap((text, index) => [
        run(2 * index + 1, index, 60, {
          runStatus: "failed",
          runFailureReason: text,
          runDetails: { refreshDescription: text }
        }),
        {
          id: 2 * index + 2,
          runType: "deploy",
          runStatus: text.slice(0, 20),
          environmentID: text,
          runStartTime: time(30),
          runDetails: { deployCommit: text, deployCommitMessage: text }
        }
      ]))
      const linked: RunTimeline.Timeline = {
        ...timeline,
        jobs: timeline.jobs.map((job) => ({
          ...job,
          runs: job.runs.map((run) => ({ ...run, runLink: "https://x.invalid/\"onmouseover='a'<b>" }))
        }))
      }
      const words = RunTimeline.words(linked, { names: { environments: { "3": hostile[0] ?? "" } } })
      for (const markup of [toHtml(linked, words), toSvg(linked, words)]) {
        const known =
          /^(html|head|meta|title|style|body|a|main|h1|h2|p|figure|svg|desc|defs|pattern|line|g|path|text|rect|table|thead|tbody|tr|th|td|ul|li)$/
        for (const name of elementsOf(markup)) assert.match(name, known)
        assert.notMatch(markup, /[\u0000-\u0008\u000b-\u001f\u007f\u202e]|\p{Cs}/u)
        // No attribute of an event, and no address but those of runs, namespaces and the table.
        const tags = [...markup.matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag.replace(/="[^"]*"/g, ""))
        for (const tag of tags) assert.notMatch(tag, /\son/)
        for (const [, address = ""] of markup.matchAll(/\s(?:href|src|xlink:href)="([^"]*)"/g)) {
          assert.match(address, /^(#runs|https:\/\/(x|runs)\.invalid\/.*)$/)
        }
      }
    }))

  it.effect("allows its own style alone, by a hash that is right", () =>
    Effect.gen(function*() {
      const timeline = yield* read()
      const html = toHtml(timeline, RunTimeline.words(timeline))
      const [, style = ""] = /<style>([^]*?)<\/style>/.exec(html) ?? []
      assert.include(
        html,
        `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`
      )
      assert.strictEqual(html.split("<style>").length, 2)
      assert.notMatch(html, /\sstyle="/)
      for (const rule of ["prefers-color-scheme:dark", "@media print", ":focus"]) assert.include(style, rule)
    }))

  it.effect("has the facts in a table, too", () =>
    Effect.gen(function*() {
      const timeline = yield* read()
      const html = toHtml(timeline, RunTimeline.words(timeline))
      const table = html.slice(html.indexOf("<table>"))
      assert.strictEqual(table.split("<th scope=\"row\">").length - 1, timeline.jobs.length)
      for (
        const words of [
          "101 failed (2026-03-10 02:00), after 30m: &quot;Division by zero&quot;",
          "106 waitingToRun (not started)",
          "100 completed"
        ]
      ) {
        assert.include(table, words)
      }
      elementsOf(html)
    }))
})
