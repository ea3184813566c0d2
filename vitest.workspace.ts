import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

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

const packageTests = (name: string) => ({
  resolve,
  test: {
    name,
    root: path(`packages/${name}`),
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"], tsconfig: "tsconfig.test.json" }
  }
})

// The tests of the examples, and of the repository as a whole: its lint rules, its documentation, core over real HTTP.
const rootTests = (name: string, include: string) => ({
  resolve,
  test: { name, root: path("."), include: [include], testTimeout: 30_000 }
})

export default defineConfig({
  test: {
    // At least two, because these tests mostly wait for sockets.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Hides the output of passing tests.
    silent: "passed-only",
    // One world for all test files of a worker: loading effect anew for each of them takes a third of the time.
    isolate: false,
    pool: "threads",
    projects: [
      ...["core", "simulator", "mcp", "cli", "alerts"].map(packageTests),
      rootTests("examples", "examples/test/**/*.test.ts"),
      rootTests("repository", "test/**/*.test.ts")
    ]
  }
})
