/** Loaded by `--import` into a bin: lists, at its first response, what was loaded until then and what each file cost. */
import { readFileSync, statSync } from "node:fs"
import Module from "node:module"
import { basename, dirname, join } from "node:path"

const started = performance.now()
const lines: Array<string> = []
const line = (millis: number, text: string): string => `${millis.toFixed(1).padStart(6)} ms  ${text}`

/** How many bytes of each package are in each file of the bundle. */
const contents: Readonly<Record<string, Readonly<Record<string, number>>>> = JSON.parse(
  readFileSync(join(dirname(process.argv[1] ?? ""), "contents.json"), "utf8")
)

/** `zod 96 kB, packages/mcp 12 kB`: the packages that make up a file, without what is less than a thousand bytes. */
const packagesIn = (file: string): string =>
  Object.entries(contents[file] ?? {}).filter(([, bytes]) => bytes >= 1000).toSorted(([, a], [, b]) => b - a)
    .map(([name, bytes]) => `${name} ${(bytes / 1000).toFixed(0)} kB`).join(", ")

const require = Object.getOwnPropertyDescriptor(Module.prototype, "require")?.value
const loaded = new Set<string>()
let inner = 0

// What a file costs is its own: it is read, compiled and run, without what it loads in turn.
Object.defineProperty(Module.prototype, "require", {
  value: function(this: Module, id: string): unknown {
    const before = performance.now()
    const outer = inner
    inner = 0
    try {
      return Reflect.apply(require, this, [id])
    } finally {
      const took = performance.now() - before
      if (id.endsWith(".cjs") && !loaded.has(basename(id))) {
        loaded.add(basename(id))
        const { size } = statSync(join(dirname(this.filename), id))
        const packages = packagesIn(basename(id))
        const what = `${basename(id)}, ${(size / 1000).toFixed(0)} kB${packages === "" ? "" : `: ${packages}`}`
        lines.push(line(took - inner, what))
      } else if (took - inner > 0.5) lines.push(line(took - inner, id))
      inner = outer + took
    }
  }
})

const { stdout } = process
Object.defineProperty(stdout, "write", {
  configurable: true,
  value: (text: string): boolean => {
    Reflect.deleteProperty(stdout, "write")
    const total = performance.now()
    const rest = line(total - started - inner, "the bin itself, and the request")
    process.stderr.write(`${[line(started, "Node"), ...lines, rest, line(total, "in all")].join("\n")}\n`)
    return stdout.write(text)
  }
})
