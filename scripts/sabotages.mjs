// Breaks core in one place at a time, and tells which breaks the chaos suite notices. `scripts/chaos.mjs` runs it.
import { transformSync } from "esbuild"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

/** A break that keeps its tests from ending is stopped after so long for each file. A busy machine takes a while to load them. */
const mostSeconds = 300

/** Half of the short form is enough for each. */
const scale = "0.5"

const tableOf = async () => {
  const { code } = transformSync(readFileSync(`${root}test/chaos/sabotages.ts`, "utf8"), { loader: "ts" })
  const { sabotages } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  return sabotages
}

/** Runs test files with a sabotage. Returns the first test that failed and by what, or what kept the tests from saying anything. */
const outcome = (name, files) => {
  const folder = mkdtempSync(`${tmpdir()}/sabotage-`)
  const began = performance.now()
  const { status, stderr } = spawnSync("node", [
    "node_modules/vitest/vitest.mjs",
    "run",
    ...[
      "--config",
      "test/chaos/vitest.config.ts",
      "--bail",
      "1",
      "--reporter",
      "json",
      "--outputFile",
      `${folder}/out`
    ],
    ...files.map((file) => `test/chaos/${file}.test.ts`)
  ], {
    cwd: root,
    encoding: "utf8",
    timeout: 1000 * mostSeconds * files.length,
    env: { ...process.env, CHAOS_SCALE: scale, CHAOS_SABOTAGE: name }
  })
  const seconds = Math.round((performance.now() - began) / 1000)
  try {
    if (status === null) return { seconds, says: `it did not end within ${mostSeconds} s` }
    const { testResults } = JSON.parse(readFileSync(`${folder}/out`, "utf8"))
    const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find(({ status }) =>
      status === "failed"
    )
    if (failed !== undefined) {
      const text = failed.failureMessages.join("\n").replaceAll(/\u001b\[[\d;]*m/g, "")
      const [, what = text] = /shrinks: (?:Error: |AssertionError: )?(.*)/.exec(text) ?? []
      return { seconds, isNoticed: true, says: what.replaceAll(/\s+/g, " ").slice(0, 90) }
    }
    // Sources that do not load break every test, and show nothing.
    return { seconds, says: status === 0 ? "" : `no test ran: ${testResults[0]?.message ?? stderr}`.slice(0, 300) }
  } catch (error) {
    return { seconds, says: `no result: ${error.message} ${stderr.slice(0, 300)}` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Returns why a sabotage breaks nothing: undefined where it fits its source. */
const misfit = ({ file, find }) => {
  const places = readFileSync(`${root}packages/core/src/${file}`, "utf8").split(find).length - 1
  return places === 1 ? undefined : `its text stands ${places} times in ${file}`
}

/** Makes every sabotage whose name contains a text. Returns whether each was noticed. */
export const sabotage = async (part) => {
  const table = (await tableOf()).filter(({ name }) => name.includes(part))
  if (table.length === 0) throw new Error(`No sabotage is called ${part}`)
  const files = [...new Set(table.map(({ by }) => by))]
  console.log(`Without a sabotage: ${files.join(", ")}`)
  const whole = outcome("none", files)
  if (whole.isNoticed || whole.says !== "") throw new Error(`The suite fails without a sabotage: ${whole.says}`)
  const rows = table.map((one, index) => {
    const wrong = misfit(one)
    const { isNoticed = false, says, seconds } = wrong === undefined
      ? outcome(one.name, [one.by])
      : { says: wrong, seconds: 0 }
    const state = wrong !== undefined ? "does not apply" : isNoticed ? "noticed" : "NOT NOTICED"
    console.log(`${index + 1}/${table.length}  ${seconds} s  ${state}  ${one.name}  (${one.by}: ${says})`)
    return { ...one, state }
  })
  console.log("\n| break | where in core | test | noticed |\n| --- | --- | --- | --- |")
  for (const { by, file, name, state } of rows) {
    console.log(`| ${name} | \`${file}\` | \`${by}.test.ts\` | ${state === "noticed" ? "yes" : state} |`)
  }
  const noticed = rows.filter(({ state }) => state === "noticed").length
  console.log(`\n${noticed} of ${rows.length} sabotages were noticed.`)
  return noticed === rows.length
}
