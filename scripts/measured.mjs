// Measures with the bench, and writes the figures and the tables of the documentation that are made from them.
//
// After a build:
//   node scripts/measured.mjs               measures on this Node, how fast the bins start also on the others, and writes
//   node scripts/measured.mjs --only watch  measures these cases alone, and keeps the figures of the others
//   node scripts/measured.mjs --write       writes the tables anew from the figures of before
//   node scripts/measured.mjs --check       fails if a page has other tables than these figures
// With --quick it measures fewer rounds.
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { withTables } from "./measuredTables.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const figures = join(root, "packages/bench/measured.json")
const bench = join(root, "packages/bench/dist/index.js")
const otherVersions = ["22", "24", "26"]
const starts = ["mcp-start", "cli-start"]
const { values: { check, only, quick, write } } = parseArgs({
  options: {
    check: { type: "boolean" },
    only: { type: "string" },
    quick: { type: "boolean" },
    write: { type: "boolean" }
  }
})

const json = (file) => JSON.parse(readFileSync(file, "utf8"))

const measure = () => {
  const folder = mkdtempSync(join(tmpdir(), "coalesce-runs-bench-"))
  const file = join(folder, "figures.json")
  const run = (command, args, cases) => {
    const options = [...(quick ? ["--quick"] : []), ...(cases === undefined ? [] : ["--only", cases])]
    execFileSync(command, [...args, bench, ...options, "--json", file], { stdio: "inherit" })
    return json(file)
  }
  try {
    const asked = only === undefined ? starts : only.split(",").filter((name) => starts.includes(name))
    return [
      run(process.execPath, [], only),
      ...(asked.length === 0 ? [] : otherVersions).map((version) =>
        run("npx", ["-y", "-p", `node@${version}`, "node"], asked.join())
      )
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Puts the cases of a result in the place of those of the same name and Node's major version. */
const merged = (results, result) => {
  const major = ({ node }) => node.split(".")[0]
  const before = results.find((one) => major(one) === major(result))
  const names = new Set(result.cases.map(({ name }) => name))
  const kept = before?.cases.filter(({ name }) => !names.has(name)) ?? []
  const at = before === undefined ? results.length : results.indexOf(before)
  return results.toSpliced(at, 1, { ...result, cases: [...kept, ...result.cases] })
}

if (!write && !check) {
  const before = only !== undefined && existsSync(figures) ? json(figures).results : []
  writeFileSync(figures, `${JSON.stringify({ results: measure().reduce(merged, before) }, undefined, 2)}\n`)
}

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`)
]
const measured = json(figures)
for (const name of pages) {
  const page = readFileSync(join(root, name), "utf8")
  const written = withTables(page, measured)
  if (written === page) continue
  if (check) {
    console.error(`${name} has other tables than packages/bench/measured.json: run node scripts/measured.mjs --write`)
    process.exitCode = 1
  } else {
    writeFileSync(join(root, name), written)
    console.log(`${name} has new tables.`)
  }
}
