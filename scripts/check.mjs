// Runs all static checks, and tests the packages as they would be published, at once. What follows the command goes to packed.mjs, such
// as the versions of Node.
import { spawn } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { all, root, run } from "./pack.mjs"

const testProjects = ["examples", ...readdirSync(root + "packages").map((name) => `packages/${name}`)]
  .map((folder) => `${folder}/tsconfig.test.json`)
  .filter((path) => existsSync(root + path))

const packed = () =>
  new Promise((resolve, reject) => {
    spawn(process.execPath, ["scripts/packed.mjs", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" })
      .on("close", (status) => (status === 0 ? resolve() : reject(new Error("packed packages"))))
  })

try {
  await all([
    run("lint", "oxlint -c oxlint.config.mjs", root),
    run("format", "dprint check", root),
    run("types of the tests", `tsc -b tsconfig.tools.json ${testProjects.join(" ")}`, root),
    run("unused files, exports and dependencies", "knip --no-config-hints", root),
    packed()
  ])
} catch (error) {
  console.error(`\nThe check failed at "${error.message}": see above.`)
  process.exitCode = 1
}
