// Bundles the bin. Each command is loaded when it runs, and the simulator for --demo alone.
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { bundleBin } from "../../../scripts/bundleBin.mjs"

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))

/** Replaces parts of a module, and fails where one is gone. */
const replacing = (filter, parts) => ({
  name: String(filter),
  setup: (building) =>
    building.onLoad({ filter }, async ({ path }) => {
      let contents = await readFile(path, "utf8")
      for (const [part, by] of parts) {
        if (!contents.includes(part)) {
          throw new Error(`${path} has no more ${part}: change packages/cli/scripts/bundle.mjs`)
        }
        contents = contents.replace(part, by)
      }
      return { contents }
    })
})

// A tenth of the time of --help went into what it does not need.
const plugins = [
  // A segmenter of text, made at import. The width of plain ASCII is its length.
  replacing(/[\\/]effect[\\/]dist[\\/]cli[\\/]CliOutput\.js$/, [
    ["const graphemeSegmenter = /*#__PURE__*/", "const graphemeSegmenter = () => "],
    ["graphemeSegmenter.segment(", "graphemeSegmenter().segment("],
    [
      "export const displayWidth = text => {",
      "export const displayWidth = text => { if (/^[ -~]*$/.test(stripAnsi(text))) return stripAnsi(text).length;"
    ]
  ]),
  // Random names of temporary files.
  replacing(/[\\/]platform-node-shared[\\/]dist[\\/]NodeFileSystem\.js$/, [
    ["import * as Crypto from \"node:crypto\";", ""],
    ["Crypto.randomBytes(", "process.getBuiltinModule(\"node:crypto\").randomBytes("]
  ])
]

await bundleBin({ entry: path("../src/bin.ts"), outdir: path("../dist"), external: ["@duckdb/node-api"], plugins })
