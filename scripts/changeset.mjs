// Runs the CLI of changesets, which needs pnpm and a newer Node than this project.
//
//   npm run changeset            describe a change
//   npm run changeset version    turn the descriptions into versions and change logs
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

// Writes the new version of each package into the sources and the server.json that repeat it.
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
