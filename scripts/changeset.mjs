// The changesets CLI, which asks for a newer Node than this project does, and for pnpm.
//
//   npm run changeset            describe a change
//   npm run changeset version    make versions and change logs out of the descriptions
import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const { packageManager } = JSON.parse(readFileSync(root + "package.json", "utf8"))
const [command, ...options] = process.argv.slice(2)

const brought = ["node@24", packageManager, "@changesets/cli@3.0.3"].flatMap((name) => ["-p", name])
const { status } = spawnSync(
  "npx",
  ["-y", "--loglevel=error", ...brought, "changeset", ...(command === undefined ? [] : [command]), ...options],
  { cwd: root, stdio: "inherit", shell: process.platform === "win32" }
)

// What states its package's version beside the manifest follows it: sources, and what the registry of MCP servers is told.
if (status === 0 && command === "version") {
  for (const name of readdirSync(root + "packages")) {
    const { version } = JSON.parse(readFileSync(`${root}packages/${name}/package.json`, "utf8"))
    for (const file of ["src/version.ts", "src/client/version.ts", "server.json"]) {
      const path = `${root}packages/${name}/${file}`
      if (!existsSync(path)) continue
      writeFileSync(path, readFileSync(path, "utf8").replace(/(version"?(?: =|:) )".*?"/g, `$1"${version}"`))
    }
  }
}

process.exitCode = status ?? 1
