// Tests the packages as they would be published: packs them, checks the tarballs with publint and attw, installs them into an
// empty project outside the workspace, and imports, type-checks and runs them there.
//
//   node scripts/packed.mjs                              on this Node
//   node scripts/packed.mjs 20 22 24 bun deno workerd    on these versions of Node, through npx, and on these runtimes
//   node scripts/packed.mjs copy                         and packs them again from a second copy of the sources
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { problemsOf, withInstallScripts } from "./contents.mjs"
import { all, packages, packAll, root, run } from "./pack.mjs"
import { packCopy, proveReproducible } from "./reproducible.mjs"

const json = (path) => JSON.parse(readFileSync(path, "utf8"))
const otherRuntimes = ["bun", "deno", "workerd", "browser"]
const asked = process.argv.slice(2)
const runtimes = asked.filter((name) => otherRuntimes.includes(name))
const versions = asked.filter((name) => name !== "copy" && !otherRuntimes.includes(name))

const binaries = join(root, "test/runtimes")

/** Returns the public modules of an installed package: those that its `exports` list. */
const modulesOf = (name, project) =>
  Object.keys(json(join(project, "node_modules", name, "package.json")).exports)
    .filter((path) => path !== "./package.json")
    .map((path) => name + path.slice(1))

/** Most bytes that npx brings for the MCP server. */
const maxAlone = 8_200_000

/** Proves that the MCP server needs nothing but its own package: npm installs it offline, with an empty cache. */
const proveAlone = async (project) => {
  const { name, tarball } = packages.find(({ folder }) => folder.endsWith("mcp"))
  const alone = join(project, "alone")
  mkdirSync(alone)
  writeFileSync(join(alone, "package.json"), JSON.stringify({ private: true }))
  await run(
    `install ${name} alone, offline, with an empty cache`,
    `npm install --offline --no-audit --no-fund --cache ./cache ../${tarball}`,
    alone
  )
  const modules = join(alone, "node_modules")
  const size = readdirSync(modules, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { name, parentPath }) => sum + statSync(join(parentPath, name)).size, 0)
  if (size > maxAlone) throw new Error(`npx brings ${size} bytes, more than ${maxAlone}`)
  await run(`start it, ${(size / 1e6).toFixed(1)} MB`, "node node_modules/.bin/coalesce-runs-mcp --version", alone)
}

/** Proves that the installed packages hold what they should, and that nothing runs at their install. */
const proveContents = (project) => {
  for (const { name, tarball } of packages) {
    const bytes = statSync(join(project, tarball)).size
    const problems = problemsOf({ bytes, folder: join(project, "node_modules", name), name, root })
    if (problems.length > 0) throw new Error(`${name}: ${problems.join("; ")}`)
  }
  const scripts = withInstallScripts(project)
  if (scripts.length > 0) throw new Error(`scripts run at the install of ${scripts.join(", ")}`)
}

/** Installs the tarballs into an empty project, with what a program that registers the tools installs. Returns their modules. */
const install = async (project) => {
  const pinned = ["effect", "@types/node", "@modelcontextprotocol/server"]
    .map((name) => [name, name.startsWith("@model") ? join(root, "packages/mcp") : root])
    .map(([name, from]) => `${name}@${json(join(from, "node_modules", name, "package.json")).version}`)
    .join(" ")
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }))
  const tarballs = packages.map(({ tarball }) => `./${tarball}`).join(" ")
  await run(
    "install them into an empty project",
    `npm install --no-audit --no-fund --prefer-offline --loglevel=error ${tarballs} ${pinned}`,
    project
  )
  proveContents(project)
  for (const { name } of packages) {
    for (const file of ["README.md", "AGENTS.md", "LICENSE", "docs/README.md"]) {
      if (!existsSync(join(project, "node_modules", name, file))) throw new Error(`${name} lacks ${file}`)
    }
  }
  const modules = packages.map(({ name, tarball }) => ({ name, tarball, modules: modulesOf(name, project) }))
  writeFileSync(
    join(project, "imports.mjs"),
    `const modules = ${JSON.stringify(modules.flatMap(({ modules }) => modules))}
for (const module of modules) {
  if (Object.keys(await import(module)).length === 0) throw new Error(module + " exports nothing")
}
for (const name of ${JSON.stringify(packages.map(({ name }) => name))}) {
  const closed = await import(name + "/wire/field").then(() => false, (error) => error.code === "ERR_PACKAGE_PATH_NOT_EXPORTED")
  if (!closed) throw new Error(name + "/wire is open")
}
`
  )
  for (const file of readdirSync(binaries).filter((file) => file.endsWith(".mjs"))) {
    copyFileSync(join(binaries, file), join(project, file))
  }
  return modules
}

/** Proves that a tarball is whole, for every kind of import. */
const proveTarball = async (project, { modules, name, tarball }) => {
  const path = JSON.stringify(join(project, tarball))
  await run(`publint ${name}`, `publint ${path} --strict`, root)
  // A package may have a bin alone.
  if (modules.length === 0) return
  const entrypoints = modules.map((specifier) => specifier.replace(name, ".")).join(" ")
  await run(
    `attw ${name}, ${modules.length} modules`,
    `attw ${path} --profile esm-only --entrypoints ${entrypoints}`,
    root
  )
}

/** Proves the types of a package. Core's must not need @types/node. The other packages are for programs on Node. */
const proveTypes = async (project, { modules, name }) => {
  if (modules.length === 0) return
  const folder = join(project, "types", name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, "all.ts"),
    modules.map((specifier, index) => `export * as M${index} from ${JSON.stringify(specifier)}\n`).join("")
  )
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        module: "nodenext",
        target: "es2022",
        lib: ["es2022", "dom", "dom.iterable"],
        types: name.endsWith("/core") ? [] : ["node"]
      }
    })
  )
  await run(`types of ${name}, strict and without skipLibCheck`, join(root, "node_modules/.bin/tsc"), folder)
}

/** Returns the path of a version of Node. */
const findNode = async (project, version) => {
  if (version === process.versions.node) return process.execPath
  // One call of npx a version: each asks the registry.
  const find = `npx -y --prefer-offline -p node@${version} node -p process.execPath`
  return (await run(`find Node ${version}`, find, project)).trim()
}

/** Proves that everything can be imported, and that the bins and core do what they should, on one Node. */
const proveNode = async (project, modules, version, path) => {
  const node = JSON.stringify(path)
  const on = `on Node ${version}`
  const count = modules.flatMap(({ modules }) => modules).length
  await run(`import ${count} modules ${on}`, `${node} imports.mjs`, project)
  for (const { bins, version } of packages) {
    for (const bin of bins) {
      const says = await run(`run ${bin} ${on}`, `${node} ${bin} --version`, project)
      // A bin may name itself first.
      if (says.trim().split(/[ v]/).at(-1) !== version) {
        throw new Error(`${bin} --version printed ${says}, not ${version}`)
      }
    }
  }
  const says = await run(`list, read, watch and diagnose ${on}`, `${node} prove.mjs`, project)
  console.log(`      ${says.trim()} ${on}`)
}

const installRuntimes = async () => {
  if (runtimes.length === 0) return
  await run(
    "install the runtimes",
    "npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error",
    binaries
  )
}

/** Proves core on other runtimes than Node: what it gives there is what it gives here. */
const proveRuntimes = async (project) => {
  if (runtimes.length === 0) return
  for (const name of ["worker", "page"]) {
    await run(
      `bundle the ${name}`,
      `${
        join(root, "node_modules/.bin/esbuild")
      } ${name}.mjs --bundle --format=esm --platform=neutral --main-fields=module,main --outfile=${name}.js`,
      project
    )
  }
  const says = await run(
    `the same on ${runtimes.join(", ")}`,
    `node prove.mjs ${JSON.stringify(binaries)} ${runtimes.join(" ")}`,
    project
  )
  console.log(`      ${says.trim()}`)
}

/** What depends on nothing runs at once. */
const prove = async (project) => {
  const packed = packAll(project)
  const installed = packed.then(() => install(project))
  const nodes = versions.length === 0 ? [process.versions.node] : versions
  await all([
    asked.includes("copy") &&
    all([packCopy(project), packed]).then(([copy]) => proveReproducible(project, copy)),
    packed.then(() => proveAlone(project)),
    installed.then((modules) => all(modules.flatMap((one) => [proveTarball(project, one), proveTypes(project, one)]))),
    ...nodes.map((version) =>
      all([installed, findNode(project, version)]).then(([modules, path]) => proveNode(project, modules, version, path))
    ),
    all([installed, installRuntimes()]).then(() => proveRuntimes(project))
  ])
}

const project = mkdtempSync(join(tmpdir(), "coalesce-runs-packed-"))
try {
  await prove(project)
} catch (error) {
  console.error(`The packed packages failed: ${error.message}.`)
  process.exitCode = 1
} finally {
  rmSync(project, { recursive: true, force: true })
}
