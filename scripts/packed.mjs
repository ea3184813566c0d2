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
import { packages, packAll, root, run } from "./pack.mjs"
import { proveReproducible } from "./reproducible.mjs"

const json = (path) => JSON.parse(readFileSync(path, "utf8"))
const otherRuntimes = ["bun", "deno", "workerd", "browser"]
const asked = process.argv.slice(2)
const runtimes = asked.filter((name) => otherRuntimes.includes(name))
const versions = asked.filter((name) => name !== "copy" && !otherRuntimes.includes(name))

/** Returns the public modules of an installed package: those that its `exports` list. */
const modulesOf = (name, project) =>
  Object.keys(json(join(project, "node_modules", name, "package.json")).exports)
    .filter((path) => path !== "./package.json")
    .map((path) => name + path.slice(1))

/** Most bytes that npx brings for the MCP server. */
const maxAlone = 8_200_000

/** Proves that the MCP server needs nothing but its own package: npm installs it offline, with an empty cache. */
const proveAlone = (project) => {
  const { name, tarball } = packages.find(({ folder }) => folder.endsWith("mcp"))
  const alone = join(project, "alone")
  mkdirSync(alone)
  writeFileSync(join(alone, "package.json"), JSON.stringify({ private: true }))
  run(
    `install ${name} alone, offline, with an empty cache`,
    `npm install --offline --no-audit --no-fund --cache ./cache ../${tarball}`,
    alone
  )
  const modules = join(alone, "node_modules")
  const size = readdirSync(modules, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { name, parentPath }) => sum + statSync(join(parentPath, name)).size, 0)
  if (size > maxAlone) throw new Error(`npx brings ${size} bytes, more than ${maxAlone}`)
  run(`start it, ${(size / 1e6).toFixed(1)} MB`, "node node_modules/.bin/coalesce-runs-mcp --version", alone)
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

const prove = (project) => {
  packAll(project)
  if (asked.includes("copy")) proveReproducible(project)

  proveAlone(project)

  // What a program that registers the tools installs beside them.
  const pinned = ["effect", "@types/node", "@modelcontextprotocol/server"]
    .map((name) => [name, name.startsWith("@model") ? join(root, "packages/mcp") : root])
    .map(([name, from]) => `${name}@${json(join(from, "node_modules", name, "package.json")).version}`)
    .join(" ")
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }))
  const tarballs = packages.map(({ tarball }) => `./${tarball}`).join(" ")
  run(
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
  for (const { modules: specifiers, name, tarball } of modules) {
    const path = JSON.stringify(join(project, tarball))
    const entrypoints = specifiers.map((specifier) => specifier.replace(name, ".")).join(" ")
    run(`publint ${name}`, `publint ${path} --strict`, root)
    // A package may have a bin alone.
    if (specifiers.length === 0) continue
    run(
      `attw ${name}, ${specifiers.length} modules`,
      `attw ${path} --profile esm-only --entrypoints ${entrypoints}`,
      root
    )
  }

  // Core's types must not need @types/node. The other packages are for programs on Node.
  for (const { modules: specifiers, name } of modules.filter(({ modules }) => modules.length > 0)) {
    const folder = join(project, "types", name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      join(folder, "all.ts"),
      specifiers.map((specifier, index) => `export * as M${index} from ${JSON.stringify(specifier)}\n`).join("")
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
    run(`types of ${name}, strict and without skipLibCheck`, join(root, "node_modules/.bin/tsc"), folder)
  }

  const specifiers = modules.flatMap(({ modules }) => modules)
  writeFileSync(
    join(project, "imports.mjs"),
    `const modules = ${JSON.stringify(specifiers)}
for (const module of modules) {
  if (Object.keys(await import(module)).length === 0) throw new Error(module + " exports nothing")
}
for (const name of ${JSON.stringify(packages.map(({ name }) => name))}) {
  const closed = await import(name + "/wire/field").then(() => false, (error) => error.code === "ERR_PACKAGE_PATH_NOT_EXPORTED")
  if (!closed) throw new Error(name + "/wire is open")
}
`
  )
  const programs = join(root, "test/runtimes")
  for (const file of readdirSync(programs).filter((file) => file.endsWith(".mjs"))) {
    copyFileSync(join(programs, file), join(project, file))
  }
  const nodes = versions.map((version) => [
    version,
    // One call of npx a version: each asks the registry.
    run(`find Node ${version}`, `npx -y --prefer-offline -p node@${version} node -p process.execPath`, project).trim()
  ])
  if (nodes.length === 0) nodes.push([process.versions.node, process.execPath])
  for (const [version, path] of nodes) {
    const node = JSON.stringify(path)
    const on = `on Node ${version}`
    run(`import ${specifiers.length} modules ${on}`, `${node} imports.mjs`, project)
    for (const { bins, version } of packages) {
      for (const bin of bins) {
        const says = run(`run ${bin} ${on}`, `${node} ${bin} --version`, project)
        // A bin may name itself first.
        if (says.trim().split(/[ v]/).at(-1) !== version) {
          throw new Error(`${bin} --version printed ${says}, not ${version}`)
        }
      }
    }
    console.log(`      ${run(`list, read, watch and diagnose ${on}`, `${node} prove.mjs`, project).trim()}`)
  }
  if (runtimes.length > 0) proveRuntimes(project)
}

/** Proves core on other runtimes than Node: what it gives there is what it gives here. */
const proveRuntimes = (project) => {
  const binaries = join(root, "test/runtimes")
  run(
    "install the runtimes",
    "npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error",
    binaries
  )
  for (const name of ["worker", "page"]) {
    run(
      `bundle the ${name}`,
      `${
        join(root, "node_modules/.bin/esbuild")
      } ${name}.mjs --bundle --format=esm --platform=neutral --main-fields=module,main --outfile=${name}.js`,
      project
    )
  }
  for (const runtime of runtimes) {
    const says = run(`the same on ${runtime}`, `node prove.mjs ${JSON.stringify(binaries)} ${runtime}`, project)
    console.log(`      ${says.trim()}`)
  }
}

const project = mkdtempSync(join(tmpdir(), "coalesce-runs-packed-"))
try {
  prove(project)
} catch (error) {
  console.error(`The packed packages failed: ${error.message}.`)
  process.exitCode = 1
} finally {
  rmSync(project, { recursive: true, force: true })
}
