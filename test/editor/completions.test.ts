// Checks what an editor offers for a call of the library, with the built packages that a user has.
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { fileURLToPath } from "node:url"
import type { Editor } from "./editor.ts"
import * as typescript5 from "./typescript5.ts"
import * as typescript7 from "./typescript7.ts"

const imports = "import type { Client } from \"@coalesce-runs/core/promise\"\n" +
  "import { createClient } from \"@coalesce-runs/core/promise\"\n" +
  "import { RunDiagnosis, RunHistory, RunList, RunsClient, RunStatistics, RunWatch, RunWindow } from \"@coalesce-runs/core\"\n"
const declarations =
  "declare const plain: Client\ndeclare const client: RunsClient.Service\ndeclare const window: RunWindow.RunWindow\n"

const filters = ["detail", "environmentID", "failureReasons", "projectID", "runType", "undecodableRows"]
const ofHistory = [...filters, "orderByDirection", "pageSize", "runStatus", "startingFrom"]
const ofStream = [...ofHistory, "prefetch"]
const ofSelection = ["environmentID", "jobID", "projectID", "runType", "since", "timeZone", "until", "window"]

const calls: ReadonlyArray<{ readonly call: string; readonly keys: ReadonlyArray<string> }> = [
  { call: "RunsClient.list({ ", keys: [...ofStream, "orderBy"] },
  { call: "RunsClient.list({ | })", keys: [...ofStream, "orderBy"] },
  { call: "RunsClient.list({ detail: true, ", keys: [...ofStream, "orderBy"].filter((key) => key !== "detail") },
  { call: "RunsClient.pages({ ", keys: [...ofStream, "orderBy"] },
  {
    call: "RunsClient.listPage({ ",
    keys: [...ofHistory, "orderBy", "limit"].filter((key) => key !== "pageSize")
  },
  { call: "client.list({ ", keys: [...ofStream, "orderBy"] },
  { call: "RunHistory.list({ ", keys: ofHistory },
  { call: "RunWindow.list(window, { ", keys: ofStream },
  {
    call: "RunList.list({ ",
    keys: [...ofSelection, "detail", "limit", "orderBy", "orderByDirection", "runStatus", "startingFrom"]
  },
  {
    call: "RunStatistics.summarize({ ",
    keys: [...ofSelection, "compare", "groupBy", "maxCauses", "maxGroups", "tests"]
  },
  { call: "RunDiagnosis.diagnose({ ", keys: [...ofSelection, "historyLimit", "partTimeout", "runID"] },
  { call: "RunWatch.watch({ ", keys: filters },
  {
    call: "createClient({ ",
    keys: [
      "accessToken",
      "allowInsecureHost",
      "baseUrl",
      "fetch",
      "maxConcurrency",
      "maxResponseBytes",
      "projectID",
      "rateLimit",
      "region",
      "retry",
      "timeout",
      "userAgent"
    ]
  },
  { call: "plain.list({ ", keys: [...ofStream, "orderBy"] },
  { call: "plain.list({}, { ", keys: ["signal"] },
  { call: "plain.history({ ", keys: ofHistory },
  { call: "plain.listWindow(\"today\", { ", keys: ofStream },
  { call: "plain.watch({}, { ", keys: ["every", "idleEvery", "lag", "maxWatched", "resume", "signal", "since"] },
  { call: "plain.diagnose({ ", keys: [...ofSelection, "historyLimit", "partTimeout", "runID"] },
  { call: "plain.history({}, { ", keys: ["concurrency", "maxRows", "signal"] },
  {
    call: "plain.summarize({ ",
    keys: [...ofSelection, "compare", "groupBy", "maxCauses", "maxGroups", "tests"]
  }
]

describe.each([
  { name: "TypeScript 5.9", open: typescript5.open },
  { name: "TypeScript 7", open: typescript7.open }
])("an editor with $name", ({ open }) => {
  let editor: Editor | undefined
  beforeAll(async () => {
    editor = await open(fileURLToPath(new URL("program.ts", import.meta.url)))
  })
  afterAll(() => editor?.close())

  /** Returns the completions at the `|` of a program, or at its end. */
  const complete = async (call: string) => {
    const text = `${imports}${declarations}${call}`
    const cursor = text.indexOf("|")
    return await editor?.complete(text.replace("|", ""), cursor === -1 ? text.length : cursor) ?? []
  }

  it.each(calls)("offers every key of `$call`, with its doc text", async ({ call, keys }) => {
    const completions = await complete(call)
    expect(completions.map(({ name }) => name).sort()).toEqual([...keys].sort())
    const undocumented = completions.filter(({ documentation }) => !/^\S.{20,}[.`]$/s.test(documentation))
    expect(undocumented).toEqual([])
  })

  it("offers the statuses of a run", async () => {
    const names = (await complete("RunsClient.list({ runStatus: \"|\" })")).map(({ name }) => name)
    expect(names.map((name) => name.replaceAll("\"", "")).sort()).toEqual([
      "canceled",
      "completed",
      "failed",
      "initializing",
      "rendering",
      "running",
      "waitingToRun"
    ])
  })

  it.each(["RunsClient.", "client."])("offers the accessors of `%s`, with their doc texts", async (module) => {
    const accessors = ["get", "list", "listPage", "pages", "results", "schedulerStatus"]
    const completions = (await complete(module)).filter(({ name }) => accessors.includes(name))
    expect(completions.map(({ name }) => name).sort()).toEqual(accessors)
    const undocumented = completions.filter(({ documentation }) => !/^(Fetches|Streams) /.test(documentation))
    expect(undocumented).toEqual([])
  })
})
