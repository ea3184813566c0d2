// Brings the dependencies: pnpm through npx, the frozen lock file. Nothing to do when they are already here.
// Old syntax on purpose: an old Node must live long enough to read the sentence.
import { execSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const version = process.versions.node.split(".").map(Number)
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error("coalesce-runs needs Node 20.19 or newer; this is Node " + process.versions.node + ".")
  process.exit(1)
}

const root = fileURLToPath(new URL("..", import.meta.url))
const read = (path) => (existsSync(root + path) ? readFileSync(root + path, "utf8") : undefined)

// pnpm keeps the lock file that it last installed from.
if (read("pnpm-lock.yaml") !== read("node_modules/.pnpm/lock.yaml")) {
  const pnpm = JSON.parse(read("package.json")).packageManager
  console.log("Installing dependencies with " + pnpm + "; the first time takes a minute.")
  try {
    execSync("npx -y " + pnpm + " install --frozen-lockfile --prefer-offline --loglevel=error", {
      cwd: root,
      stdio: "inherit"
    })
  } catch {
    console.error("Installing the dependencies failed: see above.")
    process.exit(1)
  }
}
