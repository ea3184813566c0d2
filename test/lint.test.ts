// Runs the rules of oxlint.config.mjs on generated files: lint must report each line under `refused`, and no line under
// `allowed`. A rule that silently stops matching fails here.
import { describe, expect, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

interface Lines {
  readonly allowed?: ReadonlyArray<string>
  readonly refused?: ReadonlyArray<string>
}

const files: Record<string, Lines> = {
  "packages/core/src/wire/field.ts": {
    allowed: ["import \"effect/Schema\"", "import \"./time.ts\""],
    refused: [
      "import \"../Run.ts\"",
      "import \"../client/transport.ts\"",
      "import \"effect/http/Headers\"",
      "import \"node:fs\""
    ]
  },
  "packages/core/src/Run.ts": {
    allowed: ["import \"./wire/field.ts\"", "import \"effect/Schema\"", "export * as S from \"effect/Stream\""],
    refused: [
      "import \"./Connection.ts\"",
      "import \"./RunsClient.ts\"",
      "import \"./RunHistory.ts\"",
      "import \"./RunDiagnosis.ts\"",
      "import \"./node.ts\"",
      "import \"./index.ts\"",
      "import \"./client/transport.ts\"",
      "import \"./cause/classes.ts\"",
      "import \"./node/parseProfiles.ts\"",
      "import type { Http } from \"./client/transport.ts\"",
      "export * from \"./Connection.ts\"",
      "void import(\"./RunsClient.ts\")",
      "import \"effect/http/HttpClient\"",
      "import type * as Client from \"effect/http/HttpClient\"",
      "import \"effect/schema/SchemaJITCompiler\"",
      "import { Effect } from \"effect\"",
      "import { HttpClient } from \"effect/http\"",
      "import \"node:fs\"",
      "import \"@effect/platform-node/NodeRuntime\"",
      "import \"@coalesce-runs/simulator\"",
      "import \"@coalesce-runs/mcp/server\"",
      "console.log(1)",
      "export const now = Date.now()",
      "export const home = process.env",
      "export const anything = (value: any) => value",
      "export const forget = () => { Promise.resolve(1) }"
    ]
  },
  // Modules of one line may import each other, but not in a circle.
  "packages/core/src/RunCursor.ts": { allowed: ["import \"./ListRunsQuery.ts\""] },
  "packages/core/src/ListRunsQuery.ts": { allowed: ["import type * as Cursor from \"./RunCursor.ts\""] },
  "packages/core/src/FailureCause.ts": {
    allowed: ["import \"./cause/classes.ts\"", "import \"./Run.ts\""],
    refused: ["import \"./report/text.ts\"", "import \"./diagnosis/gather.ts\""]
  },
  "packages/core/src/Connection.ts": {
    allowed: ["import \"./Run.ts\"", "import \"./connection/environment.ts\""],
    refused: [
      "import \"./RunsClient.ts\"",
      "import \"./client/transport.ts\"",
      "import \"./RunWindow.ts\"",
      "import \"effect/http/HttpClient\""
    ]
  },
  "packages/core/src/client/transport.ts": {
    allowed: [
      "import \"../Run.ts\"",
      "import \"../Connection.ts\"",
      "import \"effect/http/HttpClient\"",
      "import \"../wire/field.ts\""
    ],
    refused: [
      "import \"../RunWindow.ts\"",
      "import \"../RunStatistics.ts\"",
      "import \"../window/time.ts\"",
      "import \"../node.ts\"",
      "import \"node:fs\""
    ]
  },
  "packages/core/src/RunsClient.ts": {
    allowed: [
      "import \"./Connection.ts\"",
      "import \"./client/transport.ts\"",
      "import type * as HttpClient from \"effect/http/HttpClient\""
    ],
    refused: [
      "import * as Client from \"effect/http/HttpClient\"",
      "import type * as Request from \"effect/http/HttpClientRequest\"",
      "import \"./RunWindow.ts\"",
      "import \"./RunStatistics.ts\""
    ]
  },
  "packages/core/src/RunHistory.ts": {
    allowed: ["import \"./RunsClient.ts\"", "import \"./Run.ts\"", "import \"./client/advance.ts\""],
    refused: [
      "import \"./RunDiagnosis.ts\"",
      "import \"./watch/advance.ts\"",
      "import \"./diagnosis/gather.ts\"",
      "import \"effect/http/HttpClient\""
    ]
  },
  "packages/core/src/OfNoLine.ts": { refused: ["import \"./Run.ts\""] },
  "packages/core/src/index.ts": {
    allowed: ["export * as Run from \"./Run.ts\""],
    refused: ["export * from \"./node.ts\"", "export * from \"./wire/field.ts\""]
  },
  "packages/core/src/RunDiagnosis.ts": {
    allowed: [
      "import \"./diagnosis/gather.ts\"",
      "import \"./RunHistory.ts\"",
      "import \"./RunInspection.ts\""
    ],
    refused: [
      "import \"./RunStatistics.ts\"",
      "import \"./statistics/causes.ts\"",
      "import \"./node.ts\"",
      "import \"node:fs\""
    ]
  },
  "packages/core/src/diagnosis/gather.ts": {
    allowed: ["import \"../RunsClient.ts\"", "import \"../RunWindow.ts\"", "import \"../wire/field.ts\""],
    refused: [
      "import \"../statistics/causes.ts\"",
      "import \"../node.ts\"",
      "import \"node:fs\"",
      "import \"effect/http/HttpClient\""
    ]
  },
  "packages/core/src/node.ts": {
    allowed: ["import \"node:fs\"", "import \"./Connection.ts\"", "export const home = process.env"],
    refused: ["import \"@coalesce-runs/simulator\""]
  },
  "packages/core/test/Run.test.ts": {
    allowed: ["import \"node:fs\"", "import \"effect/http/HttpClient\"", "import \"@coalesce-runs/core\""],
    refused: ["import \"@coalesce-runs/simulator\""]
  },
  "packages/simulator/src/Simulator.ts": {
    allowed: [
      "import \"@coalesce-runs/core\"",
      "import \"./Scenario.ts\"",
      "import \"node:http\"",
      "import \"@effect/platform-node/NodeHttpServer\""
    ],
    refused: [
      "import \"@coalesce-runs/mcp\"",
      "import \"./bin.ts\"",
      "import \"effect\"",
      "export const now = Date.now()"
    ]
  },
  "packages/simulator/src/scenario/builder.ts": {
    allowed: ["import \"../SimulatedRun.ts\""],
    refused: ["import \"../Simulator.ts\"", "import \"../simulator/server.ts\""]
  },
  "packages/mcp/src/server.ts": {
    allowed: ["import \"@coalesce-runs/core/Run\"", "import \"node:http\"", "import \"./callTool.ts\""],
    refused: ["import \"@coalesce-runs/core\"", "import \"@effect/platform-node/NodeRuntime\"", "import \"./bin.ts\""]
  },
  "packages/mcp/src/result/failure.ts": {
    allowed: ["import \"./untrustedText.ts\"", "import \"../version.ts\""],
    refused: ["import \"../input/args.ts\"", "import \"../tools/Tool.ts\"", "import \"../callTool.ts\""]
  },
  "packages/alerts/src/incident/model.ts": {
    allowed: ["import \"@coalesce-runs/core/Run\"", "import \"./key.ts\""],
    refused: [
      "import \"@coalesce-runs/core\"",
      "import \"@coalesce-runs/simulator\"",
      "export const now = Date.now()"
    ]
  },
  "packages/mcp/src/tools/listRuns/tool.ts": {
    allowed: ["import \"../Tool.ts\"", "import \"../../result/failure.ts\""],
    refused: ["import \"../../callTool.ts\"", "import \"../../http/serve.ts\"", "import \"../../server.ts\""]
  }
}

const lint = () => {
  const folder = mkdtempSync(join(tmpdir(), "coalesce-runs-lint-"))
  try {
    copyFileSync(join(root, "oxlint.config.mjs"), join(folder, "oxlint.config.mjs"))
    for (const [file, { allowed = [], refused = [] }] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), [...allowed, ...refused, "export {}", ""].join("\n"))
    }
    const { stderr, stdout } = spawnSync(
      process.execPath,
      [join(root, "node_modules/oxlint/bin/oxlint"), "-c", "oxlint.config.mjs", "-f", "unix"],
      { cwd: folder, encoding: "utf8" }
    )
    expect(stderr).toBe("")
    return stdout.split("\n").flatMap((line) => {
      const [, place, rule] = /^(.+?:\d+):\d+: .* \[Error\/(.+)\]$/.exec(line) ?? []
      return place === undefined || rule === undefined || rule.includes("no-unused-vars") ? [] : [{ place, rule }]
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("lint", () => {
  const findings = lint()
  const places = (circles: boolean) =>
    findings.filter(({ rule }) => (rule === "import(no-cycle)") === circles).map(({ place }) => place)

  for (const [file, { allowed = [], refused = [] }] of Object.entries(files)) {
    allowed.forEach((line, index) =>
      it(`allows in ${file}: ${line}`, () => expect(places(false)).not.toContain(`${file}:${index + 1}`))
    )
    refused.forEach((line, index) =>
      it(`refuses in ${file}: ${line}`, () => expect(places(false)).toContain(`${file}:${allowed.length + index + 1}`))
    )
  }

  it("refuses that two modules import each other, even types only", () => {
    expect(places(true)).toContain("packages/core/src/RunCursor.ts:1")
    expect(places(true)).toContain("packages/core/src/ListRunsQuery.ts:1")
  })
})
