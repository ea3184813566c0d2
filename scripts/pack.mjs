// Packs the public packages into a folder, as they are published.
//
//   node scripts/pack.mjs release
import { exec } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join, resolve } from "node:path"
import { argv } from "node:process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

export const root = fileURLToPath(new URL("..", import.meta.url))
const json = (path) => JSON.parse(readFileSync(path, "utf8"))
const { packageManager } = json(join(root, "package.json"))

// One more than there are processors, because some of them wait for a disk or the registry.
let free = availableParallelism() + 1
const waiting = []

/**
 * Runs a command, some at once, and returns its output. Prints the output only if the command fails.
 */
export const run = async (title, command, cwd) => {
  if (free > 0) free--
  else await new Promise((resolve) => waiting.push(resolve))
  const start = performance.now()
  try {
    const { stdout } = await promisify(exec)(command, { cwd, timeout: 300_000, maxBuffer: 2 ** 26 })
    console.log(`   ${title}: ok (${((performance.now() - start) / 1000).toFixed(1)} s)`)
    return stdout
  } catch (error) {
    console.error(`   ${title}: FAILED\n\n$ ${command}\n${error.stdout ?? ""}${error.stderr ?? ""}`)
    throw new Error(title, { cause: error })
  } finally {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }
}

/** Waits for all, also if one fails: what still runs would miss the folder that is removed after a failure. */
export const all = async (promises) => {
  const results = await Promise.allSettled(promises)
  for (const { reason, status } of results) if (status === "rejected") throw reason
  return results.map(({ value }) => value)
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
export const packAll = (destination, repository = root) =>
  run(
    `pack ${packages.length} packages`,
    `npx -y --prefer-offline ${packageManager} -r ${packages.map(({ name }) => `--filter ${name}`).join(" ")} pack ` +
      `--config.pnpmfile=scripts/packing.cjs --pack-destination ${JSON.stringify(destination)}`,
    repository
  )

if (argv[1] === fileURLToPath(import.meta.url)) {
  const destination = resolve(argv[2] ?? "release")
  mkdirSync(destination, { recursive: true })
  await packAll(destination)
}
