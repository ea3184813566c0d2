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
const resolve = {
  alias: [
    { find: /^@coalesce-runs\/(core|simulator|mcp)$/, replacement: path("packages/$1/src/index.ts") },
    { find: /^@coalesce-runs\/(core|simulator|mcp)\/(.+)$/, replacement: path("packages/$1/src/$2.ts") }
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

// The examples as they are run by people, and what holds for the house as a whole: its floors, its documentation.
const rootTests = (name: string, include: string) => ({
  resolve,
  test: { name, root: path("."), include: [include], testTimeout: 30_000 }
})

export default defineConfig({
  test: {
    // Two at least: much of what these tests do is wait for sockets.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // What a passing test prints is no news.
    silent: "passed-only",
    projects: [
      ...["core", "simulator", "mcp"].map(packageTests),
      rootTests("examples", "examples/test/**/*.test.ts"),
      rootTests("house", "test/**/*.test.ts")
    ]
  }
})
