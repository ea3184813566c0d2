// What each published package may hold. packed.mjs holds the installed tarballs to it.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"

const json = (path) => JSON.parse(readFileSync(path, "utf8"))

const everywhere = [/^(package\.json|README\.md|AGENTS\.md|LICENSE)$/, /^docs\/(README|[a-z-]+)\.md$/]
const bundle = [/^dist\/bin\.cjs$/, /^dist\/chunks\/\w+-[A-Z0-9]{8}\.cjs$/]
const library = [/^src\/(\w+\/)*\w+\.ts$/, /^dist\/(\w+\/)*\w+(\.js|\.d\.ts)(\.map)?$/]

// Files beside those of `everywhere`, and the most bytes of the tarball.
const allowed = {
  "@coalesce-runs/alerts": { files: [...library, /^alerts\.schema\.json$/], maxBytes: 500_000 },
  "@coalesce-runs/cli": { files: bundle, maxBytes: 800_000 },
  "@coalesce-runs/core": { files: library, maxBytes: 1_300_000 },
  "@coalesce-runs/mcp": { files: [...library, ...bundle], maxBytes: 1_200_000 },
  "@coalesce-runs/simulator": { files: library, maxBytes: 500_000 }
}

const installScripts = ["preinstall", "install", "postinstall", "prepare"]

const modules = (files, pattern) => files.flatMap((file) => pattern.exec(file)?.[1] ?? []).sort()

/** Says what is wrong with a package in its installed folder. `root` is the repository that it was packed in. */
export const problemsOf = ({ bytes, folder, name, root }) => {
  const { files: patterns, maxBytes } = allowed[name]
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  const problems = files.filter((file) => ![...everywhere, ...patterns].some((pattern) => pattern.test(file)))
    .map((file) => `${file} does not belong there`)
  if (bytes > maxBytes) problems.push(`the tarball has ${bytes} bytes, more than ${maxBytes}`)

  // A build leaves the output of a deleted source behind. A release is made from a clean clone.
  const sources = modules(files, /^src\/(.+)\.ts$/).join()
  if (sources !== "") {
    for (
      const pattern of [/^dist\/(.+)\.js$/, /^dist\/(.+)\.d\.ts$/, /^dist\/(.+)\.js\.map$/, /^dist\/(.+)\.d\.ts\.map$/]
    ) {
      if (modules(files, pattern).join() !== sources) problems.push(`src/ and the files of ${pattern} differ`)
    }
  }
  for (const file of files) {
    if (readFileSync(join(folder, file), "utf8").includes(root)) problems.push(`${file} names ${root}`)
    if (!file.endsWith(".map")) continue
    for (const source of json(join(folder, file)).sources) {
      const path = join(dirname(join(folder, file)), source)
      if (source.startsWith("/") || !existsSync(path)) problems.push(`${file} maps to ${source}, which is not there`)
    }
  }
  const { scripts = {} } = json(join(folder, "package.json"))
  for (const script of installScripts) if (script in scripts) problems.push(`its \`${script}\` runs at install`)
  return problems
}

/** The packages of a project that npm installed which run a script at install. */
export const withInstallScripts = (project) =>
  Object.entries(json(join(project, "node_modules/.package-lock.json")).packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path)
