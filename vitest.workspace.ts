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

// Tests read the sources, so that a change is tested without a build in between.
const source = (path: string) => new URL(`packages/${path}`, import.meta.url).pathname

const project = (name: string) => ({
  resolve: {
    alias: [
      { find: /^@coalesce-runs\/(core|simulator|mcp)$/, replacement: source("$1/src/index.ts") },
      { find: /^@coalesce-runs\/(core|simulator|mcp)\/(.+)$/, replacement: source("$1/src/$2.ts") }
    ]
  },
  test: {
    name,
    root: source(name),
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"], tsconfig: "tsconfig.test.json" }
  }
})

export default defineConfig({
  test: {
    projects: ["core", "simulator", "mcp"].map(project)
  }
})
