// What the bundled bin loads, by the files that Node has read when it ends.
import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { version } from "../src/version.ts"
import { bin } from "./support.ts"

const folder = mkdtempSync(join(tmpdir(), "loaded-"))
const report = join(folder, "report.cjs")
writeFileSync(
  report,
  `process.on("exit", () => {
    process.exitCode = 0
    require("node:fs").writeFileSync(process.env.LOADED, JSON.stringify(Object.keys(require.cache)))
  })`
)

/** Runs the bin, and returns the text of all its files that were loaded. */
const loadedBy = (...args: ReadonlyArray<string>): string => {
  const to = join(folder, "loaded.json")
  execFileSync(process.execPath, ["--require", report, bin, ...args], { env: { LOADED: to }, stdio: "ignore" })
  const files: ReadonlyArray<string> = JSON.parse(readFileSync(to, "utf8"))
  return files.filter((file) => file !== report).map((file) => readFileSync(file, "utf8")).join("\n")
}

const core = "/api/v1/runs"
const simulator = "FINANCE_WH"

describe("what is loaded", () => {
  it("for help is nothing of core, nor of the simulator", () => {
    for (const args of [["--help"], ["check", "--help"], ["--completions", "bash"], ["--version"], ["nonsense"]]) {
      const loaded = loadedBy(...args)
      assert.notInclude(loaded, core, args.join(" "))
      assert.notInclude(loaded, simulator, args.join(" "))
      assert.isBelow(loaded.length, 350_000, args.join(" "))
    }
  })

  it("for a command is core, and the simulator for --demo alone", () => {
    const refused = loadedBy("check")
    assert.include(refused, core)
    assert.notInclude(refused, simulator)
    assert.include(loadedBy("check", "--demo"), simulator)
  })
})

describe("the compile cache", () => {
  // Node has one from 22.8 on: on older versions there is nothing to write.
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  const hasCache = major > 22 || (major === 22 && minor >= 8)
  const start = (env: Readonly<Record<string, string>>, cwd: string) =>
    execFileSync(process.execPath, [bin, "--version"], {
      cwd,
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "pipe"]
    })

  it("stands in the user's own folder, below XDG_CACHE_HOME if it is set", () => {
    const home = mkdtempSync(join(tmpdir(), "home-"))
    start({ HOME: home }, folder)
    assert.strictEqual(existsSync(join(home, ".cache/coalesce-runs")), hasCache)
    const cache = mkdtempSync(join(tmpdir(), "cache-"))
    start({ HOME: home, XDG_CACHE_HOME: cache }, folder)
    assert.strictEqual(existsSync(join(cache, "coalesce-runs")), hasCache)
  })

  it("is left out where it cannot be written, without a word and without a file elsewhere", () => {
    const file = join(mkdtempSync(join(tmpdir(), "file-")), "no-folder")
    writeFileSync(file, "")
    const cwd = mkdtempSync(join(tmpdir(), "cwd-"))
    for (const env of [{ HOME: file }, { HOME: "" }, { HOME: "/", XDG_CACHE_HOME: "relative" }]) {
      assert.include(start(env, cwd), version)
      assert.deepStrictEqual(readdirSync(cwd), [])
    }
  })
})
