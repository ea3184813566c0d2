// Finds the ```ts examples of doc comments and pages, compiles them together, and runs them one by one. Each becomes a module
// with the line numbers of its page.
import { spawnSync } from "node:child_process"
import { randomUUID } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

export interface Example {
  readonly file: string
  /** The line of its opening fence, from 1. */
  readonly line: number
  readonly code: string
  /** False for "```ts no-run": the example is only compiled. */
  readonly runs: boolean
}

/** Returns the examples of a page or a source file. */
export const examplesOf = (file: string, text: string): ReadonlyArray<Example> => {
  const examples: Array<Example> = []
  let open: { readonly line: number; readonly runs: boolean; readonly lines: Array<string> } | undefined
  text.split("\n").forEach((raw, index) => {
    const line = file.endsWith(".md") ? raw : raw.replace(/^\s*\* ?/, "")
    const fence = /^\s*```(\w*)(.*)$/.exec(line)
    if (open !== undefined) {
      if (fence === null) open.lines.push(line)
      else {
        examples.push({ file, line: open.line, code: open.lines.join("\n"), runs: open.runs })
        open = undefined
      }
    } else if (fence?.[1] === "ts" || fence?.[1] === "typescript") {
      const flag = fence[2]?.trim() ?? ""
      if (flag !== "" && flag !== "no-run") {
        throw new Error(`${file}:${index + 1}: expected "no-run" or nothing after ts, got "${flag}"`)
      }
      open = { line: index + 1, runs: flag === "", lines: [] }
    }
  })
  if (open !== undefined) throw new Error(`${file}:${open.line}: this example has no end`)
  return examples
}

/** Returns the examples of every doc comment, of every README and of docs/. */
export const allExamples = (): ReadonlyArray<Example> => {
  const list = (folder: string) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name))
      : []
  const packages = readdirSync(join(root, "packages")).map((name) => join("packages", name))
  const pages = [
    ...packages.flatMap((folder) => list(join(folder, "src")).filter((file) => file.endsWith(".ts"))),
    ...list("docs").filter((file) => file.endsWith(".md")),
    ...["", ...packages].map((folder) => join(folder, "README.md")).filter((file) => existsSync(join(root, file)))
  ]
  return pages.flatMap((file) => examplesOf(file.replaceAll("\\", "/"), readFileSync(join(root, file), "utf8")))
}

/**
 * Turns each `expression // => value` into an assertion. The comment stands at the end of the expression's last line, or
 * on the line after it.
 */
const withAssertions = ({ code, file, line }: Example): string => {
  const lines = code.split("\n")
  const indentation = (text: string) => text.length - text.trimStart().length
  code.split("\n").forEach((text, index) => {
    const [, before = "", value] = /^(.*?)\s*\/\/ => (.+)$/.exec(text) ?? []
    if (value === undefined) return
    const last = before.trim() === "" ? index - 1 : index
    const lastLine = (last === index ? before : lines[last]) ?? ""
    lines[index] = ""
    lines[last] = lastLine
    // The expression begins at the nearest line that is not indented deeper and does not continue another.
    let first = last
    const goesOn = (above: string) => indentation(above) > indentation(lastLine) || /^\s*[)\]}.?:|&+]/.test(above)
    while (first > 0 && goesOn(lines[first] ?? "")) first--
    const firstLine = lines[first] ?? ""
    const place = `${file}:${line + 1 + index}`
    if (/^\s*(?:(?:const|let|return|import|export|type|interface)\b|$)/.test(firstLine)) {
      throw new Error(`${place}: "// =>" stands after an expression`)
    }
    lines[first] = `${" ".repeat(indentation(firstLine))}$shows(${JSON.stringify(place)}, ${firstLine.trimStart()}`
    lines[last] += `, ${JSON.stringify(value.trim())})`
  })
  return lines.join("\n")
}

/**
 * Makes folders in which to compile and run examples. An example of a doc comment may import what its package may, an example of
 * a page what `examples/` may, and both the packages of this repository.
 */
export const workbench = (examples: ReadonlyArray<Example>) => {
  const name = `.docs-${randomUUID()}`
  const homeOf = (file: string) => join(root, /^packages\/[^/]+(?=\/src\/)/.exec(file)?.[0] ?? "examples", name)
  const homes = [...new Set(examples.map(({ file }) => homeOf(file)))]
  const pathOf = (kind: "compiled" | "run", { file, line }: Example) => join(homeOf(file), kind, file, `${line}.ts`)
  // Writes as many lines above the code as there are in the page.
  const write = (kind: "compiled" | "run", example: Example, head: string, code: string) => {
    const path = pathOf(kind, example)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${head}${"\n".repeat(example.line)}${code}\nexport {}\n`)
  }

  /** Compiles all examples together, and returns the errors by file and line. */
  const compile = (): ReadonlyArray<string> => {
    for (const example of examples) write("compiled", example, "", example.code)
    const project = join(homes[0] ?? root, "tsconfig.json")
    const sources = (path: string) => join(root, "packages", path)
    writeFileSync(
      project,
      JSON.stringify({
        extends: join(root, "tsconfig.base.json"),
        compilerOptions: {
          noEmit: true,
          composite: false,
          declaration: false,
          declarationMap: false,
          noUnusedLocals: false,
          noUnusedParameters: false,
          types: ["node"],
          paths: Object.fromEntries(
            ["core", "simulator", "mcp", "alerts"].flatMap((name) => [
              [`@coalesce-runs/${name}`, [sources(`${name}/src/index.ts`)]],
              [`@coalesce-runs/${name}/*`, [sources(`${name}/src/*.ts`)]]
            ])
          )
        },
        include: homes.map((home) => join(home, "compiled"))
      })
    )
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "--pretty", "false", "-p", project],
      { cwd: root, encoding: "utf8" }
    )
    const errors = stdout.split("\n").filter((line) => line !== "")
      .map((line) => line.replace(/^.*\/compiled\/(.+)\/\d+\.ts\((\d+),\d+\): /, "$1:$2: "))
    return status === 0 || errors.length > 0 ? errors : [stderr]
  }

  /** Runs one example. Fails with the file and the line of the error. */
  const run = async (example: Example): Promise<void> => {
    const shows = JSON.stringify(fileURLToPath(new URL("shows.ts", import.meta.url)))
    write("run", example, `import { shows as $shows } from ${shows};void $shows`, withAssertions(example))
    const path = pathOf("run", example)
    try {
      await import(path)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      if (message.startsWith(`${example.file}:`)) throw error
      const [, line = String(example.line)] =
        (error instanceof Error ? error.stack ?? "" : "").split(path)[1]?.match(/^:(\d+)/) ?? []
      throw new Error(`${example.file}:${line}: ${message}`, { cause: error })
    }
  }

  return { compile, run, remove: () => homes.forEach((home) => rmSync(home, { recursive: true, force: true })) }
}
