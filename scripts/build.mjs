// Compiles every package, then bundles those that have a `bundle` script. Leaves a `dist/` in each.
import { execSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const run = (command, cwd) => {
  try {
    execSync(command, { cwd, stdio: "inherit" })
  } catch {
    console.error(`Building failed at \`${command}\`: see above.`)
    process.exit(1)
  }
}

if (!existsSync(root + "examples/dist")) console.log("Building the packages.")
run("tsc -b", root)

for (const name of readdirSync(root + "packages")) {
  const folder = `${root}packages/${name}`
  const { scripts = {} } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"))
  if (scripts.bundle !== undefined) run("npm run -s bundle", folder)
}
