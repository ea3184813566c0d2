// Runs all static checks, and tests the packages as they would be published. What follows the command goes to packed.mjs, such
// as the versions of Node.
import { execSync } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const testProjects = ["examples", ...readdirSync(root + "packages").map((name) => `packages/${name}`)]
  .map((folder) => `${folder}/tsconfig.test.json`)
  .filter((path) => existsSync(root + path))

const steps = {
  "lint": "oxlint -c oxlint.config.mjs",
  "format": "dprint check",
  "types of the tests": `tsc -b tsconfig.tools.json ${testProjects.join(" ")}`,
  "unused files, exports and dependencies": "knip --no-config-hints",
  "packed packages": `node scripts/packed.mjs ${process.argv.slice(2).join(" ")}`
}

for (const [name, command] of Object.entries(steps)) {
  const start = performance.now()
  console.log(`-- ${name}`)
  try {
    execSync(command, { cwd: root, stdio: "inherit" })
  } catch {
    console.error(`\nThe check failed at "${name}": ${command}`)
    process.exit(1)
  }
  console.log(`   ${((performance.now() - start) / 1000).toFixed(1)} s`)
}
