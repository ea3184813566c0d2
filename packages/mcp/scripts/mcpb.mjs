// Packs the bin as an .mcpb bundle, which desktop clients install with a double click. Validates it, unpacks it again and
// starts it. Needs the bundle of `npm run build`.
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))
const read = (relative) => JSON.parse(readFileSync(path(relative), "utf8"))

const { version } = read("../package.json")
const bundle = path("../dist/coalesce-runs.mcpb")
const folder = mkdtempSync(join(tmpdir(), "mcpb-"))

// mcpb has no export of its command: it stands beside its module.
const require = createRequire(import.meta.url)
const command = join(dirname(require.resolve("@anthropic-ai/mcpb")), "cli", "cli.js")
const mcpb = (...args) => execFileSync(process.execPath, [command, ...args], { encoding: "utf8" })

try {
  mkdirSync(join(folder, "in/server"), { recursive: true })
  writeFileSync(
    join(folder, "in/manifest.json"),
    JSON.stringify({ ...read("../mcpb/manifest.json"), version }, null, 2)
  )
  for (const part of ["bin.cjs", "chunks"]) {
    cpSync(path(`../dist/${part}`), join(folder, "in/server", part), { recursive: true })
  }
  cpSync(path("../../../LICENSE"), join(folder, "in/LICENSE"))

  mcpb("validate", join(folder, "in/manifest.json"))
  mcpb("pack", join(folder, "in"), bundle)
  mcpb("unpack", bundle, join(folder, "out"))

  const { server, user_config } = JSON.parse(readFileSync(join(folder, "out/manifest.json"), "utf8"))
  if (user_config.access_token.sensitive !== true) throw new Error("The bundle does not keep the access token secret")
  const said = execFileSync(process.execPath, [join(folder, "out", server.entry_point), "--version"], {
    encoding: "utf8"
  })
  if (said.trim() !== version) {
    throw new Error(`The server in the bundle reports version ${said.trim()}, not ${version}`)
  }
  console.log(`Packed ${bundle}, version ${version}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
