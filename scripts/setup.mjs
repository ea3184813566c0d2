// Installs the dependencies with pnpm through npx, from the frozen lock file. Does nothing if they are installed.
// The syntax is old on purpose, so that an old Node can print the sentence below.
import { spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const version = process.versions.node.split(".").map(Number)
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error("coalesce-runs needs Node 20.19 or newer; this is Node " + process.versions.node + ".")
  process.exit(1)
}

const root = fileURLToPath(new URL("..", import.meta.url))
const read = (path) => (existsSync(root + path) ? readFileSync(root + path, "utf8") : undefined)

// pnpm stores a copy of the lock file that it last installed from.
if (read("pnpm-lock.yaml") !== read("node_modules/.pnpm/lock.yaml")) {
  const pnpm = JSON.parse(read("package.json")).packageManager
  const start = Date.now()
  process.stdout.write("Installing dependencies with " + pnpm + " ")
  const dots = setInterval(() => process.stdout.write("."), 1000)
  // Prints only errors of pnpm, not its progress or its warnings about bins that are not built yet.
  const install = spawn(
    "npx -y " + pnpm +
      " install --frozen-lockfile --prefer-offline --prod=false --config.confirm-modules-purge=false --loglevel=error",
    {
      cwd: root,
      shell: true,
      stdio: ["ignore", "inherit", "inherit"]
    }
  )
  install.on("close", (status) => {
    clearInterval(dots)
    if (status === 0) console.log(" " + Math.round((Date.now() - start) / 1000) + " s")
    else console.error("\nInstalling the dependencies failed: see above.")
    process.exitCode = status === 0 ? 0 : 1
  })
}
