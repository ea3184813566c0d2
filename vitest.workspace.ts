import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

// Vitest 5 prints a failed assertion with `Map.groupBy`, which Node 20 lacks.
if (typeof Map.groupBy !== "function") {
  Object.defineProperty(Map, "groupBy", {
    value: <K, V>(items: Iterable<V>, key: (item: V, index: number) => K) => {
      const groups = new Map<K, Array<V>>()
      let index = 0
      for (const item of items) {
        const k = key(item, index++)
        const group = groups.get(k)
        if (group === undefined) groups.set(k, [item])
        else group.push(item)
      }
      return groups
    }
  })
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

// Tests read the sources, so that a change is tested without a build in between.
export const resolve = {
  alias: [
    { find: /^@coalesce-runs\/(core|simulator|mcp|alerts)$/, replacement: path("packages/$1/src/index.ts") },
    { find: /^@coalesce-runs\/(core|simulator|mcp|alerts)\/(.+)$/, replacement: path("packages/$1/src/$2.ts") }
  ]
}

// What takes longest, first, so that no worker is left with one of them at the end; what computes beside what waits.
const first = [
  "packages/core/test/watch/exactlyOnce.test.ts",
  "packages/cli/test/kills.test.ts",
  "packages/core/test/baseline/months.test.ts",
  "packages/cli/test/alerts.kills.test.ts",
  "test/chaos/alerts/secrets.test.ts",
  "examples/test/cluster.test.ts",
  "packages/mcp/test/tools/diagnoseRun.test.ts",
  "examples/test/alerter.test.ts",
  "examples/test/examples.test.ts",
  "packages/cli/test/bin.test.ts",
  "test/over-http/RunsClient.rateLimit.test.ts",
  "test/over-http/RunHealth.requests.test.ts",
  "packages/mcp/test/bin.test.ts",
  "test/documentation/documentation.test.ts"
].map(path)

class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>) {
    const place = ({ moduleId }: TestSpecification) => {
      const index = first.indexOf(moduleId)
      return index < 0 ? first.length : index
    }
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}

// A sequencer of one's own would leave `--sequence.shuffle.files` without effect.
const isShuffled = process.argv.some((argument) => argument.startsWith("--sequence.shuffle"))

export default defineConfig({
  resolve,
  test: {
    include: ["{packages/*,examples}/test/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 30_000,
    // A condition is waited for, however busy the machine is.
    expect: { poll: { timeout: 20_000 } },
    typecheck: { enabled: true, include: ["packages/*/test/**/*.test-d.ts"], tsconfig: "tsconfig.types.json" },
    // More than there are processors, because many of these tests wait for sockets and processes.
    maxWorkers: availableParallelism() + 1,
    // Hides the output of passing tests.
    silent: "passed-only",
    // One world for all test files of a worker, of whatever package: loading effect anew for each of them takes a third of the time.
    isolate: false,
    pool: "threads",
    sequence: isShuffled ? {} : { sequencer: LongestFirst }
  }
})
