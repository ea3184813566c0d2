// Packs the public packages into a folder, as they are published.
//
//   node scripts/pack.mjs release
import { execSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { argv } from "node:process"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))
const json = (path) => JSON.parse(readFileSync(path, "utf8"))
const { packageManager } = json(join(root, "package.json"))

/** Runs a command and returns its output. Prints the output only if the command fails. */
export const run = (title, command, cwd) => {
  const start = performance.now()
  let said
  try {
    said = execSync(command, { cwd, stdio: "pipe", encoding: "utf8", timeout: 300_000 })
  } catch (error) {
    console.error(`   ${title}: FAILED\n\n$ ${command}\n${error.stdout ?? ""}${error.stderr ?? ""}`)
    throw new Error(title, { cause: error })
  }
  console.log(`   ${title}: ok (${((performance.now() - start) / 1000).toFixed(1)} s)`)
  return said
}

export const packages = readdirSync(join(root, "packages"))
  .map((name) => ({ name, manifest: json(join(root, "packages", name, "package.json")) }))
  .filter(({ manifest }) => manifest.private !== true)
  .map(({ name: folder, manifest: { bin = {}, name, version } }) => ({
    folder: `packages/${folder}`,
    name,
    version,
    bins: Object.values(bin).map((path) => join("node_modules", name, path)),
    tarball: `${name.replace("@", "").replace("/", "-")}-${version}.tgz`
  }))

/** Packs every public package of a repository into a folder. pnpm resolves `workspace:` and `catalog:`. */
export const packAll = (destination, repository = root) => {
  for (const { folder, name } of packages) {
    run(
      `pack ${name}`,
      `npx -y --prefer-offline ${packageManager} pack --config.pnpmfile=scripts/packing.cjs ` +
        `--pack-destination ${JSON.stringify(destination)}`,
      join(repository, folder)
    )
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const destination = resolve(argv[2] ?? "release")
  mkdirSync(destination, { recursive: true })
  packAll(destination)
}
