// Bundles a program into CommonJS files that need nothing but each other: `dist/bin.cjs`, which Node starts, and `dist/chunks/`,
// which it loads. What a module imports with `import()` is read when that runs, so a start costs only what it needs.
import { build, transform } from "esbuild"
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, join, resolve } from "node:path"

const first = readFileSync(new URL("compileCache.cjs", import.meta.url), "utf8").replace(/^\/\/.*\n/gm, "")

const options = { target: "node20.19", minify: true, legalComments: "none", logLevel: "warning" }

/** Exports the object that esbuild makes of a chunk's exports, instead of a copy of it, and leaves out their list for ES modules. */
const direct = (code) =>
  code.replace(/\b0&&\(module\.exports=\{[^}]*\}\);/, "").replace(
    /\bmodule\.exports=[\w$]+\(([\w$]+)\);/,
    "module.exports=$1;"
  )

/** The package of a module that is bundled: `zod`, or `packages/core`. */
const packageOf = (module) =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module)?.[1] ?? /packages\/[^/]+/.exec(resolve(module))?.[0] ?? "esbuild"

/** Returns how many bytes of each package are in each file. The bench tells it of what a start loads. */
const contentsOf = ({ outputs }) =>
  Object.fromEntries(
    Object.entries(outputs).map(([file, { inputs }]) => {
      const bytes = {}
      for (const [module, { bytesInOutput }] of Object.entries(inputs)) {
        bytes[packageOf(module)] = (bytes[packageOf(module)] ?? 0) + bytesInOutput
      }
      return [basename(file), bytes]
    })
  )

/** esbuild splits ES modules alone, and Node starts CommonJS faster: so it splits them first, and rewrites each file then. */
export const bundleBin = async ({ entry, outdir, external = [], plugins = [] }) => {
  const { metafile, outputFiles } = await build({
    ...options,
    entryPoints: { bin: entry },
    outdir,
    outExtension: { ".js": ".cjs" },
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    write: false,
    metafile: true,
    external,
    plugins
  })
  rmSync(join(outdir, "chunks"), { recursive: true, force: true })
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, {
      ...options,
      banner: basename(path) === "bin.cjs" ? first : "",
      format: "cjs",
      platform: "node",
      supported: { "dynamic-import": false },
      // effect reads `import.meta?.env`, which CommonJS does not have.
      logOverride: { "empty-import-meta": "silent" }
    })
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, direct(code))
  }
  chmodSync(join(outdir, "bin.cjs"), 0o755)
  writeFileSync(join(outdir, "contents.json"), `${JSON.stringify(contentsOf(metafile), undefined, 2)}\n`)
}
