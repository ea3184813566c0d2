// The layout of the repository: files that fit in the head, comments that are whole, and no folder that takes over.
import { describe, expect, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8"
}).split("\n").filter((file) => /\.(ts|mjs)$/.test(file))

const linesOf = (file: string): ReadonlyArray<string> => readFileSync(root + file, "utf8").trimEnd().split("\n")

describe("layout", () => {
  it("no file has more than 300 lines, unless its head says why with \"Long because\"", () => {
    const tooLong = files.filter((file) => {
      const lines = linesOf(file)
      return lines.length > 300 && !lines.slice(0, 20).some((line) => line.includes("Long because"))
    })
    expect(tooLong).toEqual([])
  })

  it("each line of a doc comment begins with an asterisk, so that none holds what belongs to the code", () => {
    const lines = files.flatMap((file) =>
      [...readFileSync(root + file, "utf8").matchAll(/^[ \t]*\/\*\*.*?\*\//gms)].flatMap(([comment]) =>
        comment.split("\n").slice(1).filter((line) => !/^\s*\*/.test(line)).map((line) => `${file}: ${line}`)
      )
    )
    expect(lines).toEqual([])
  })

  it("no folder of core holds more than a third of its lines", () => {
    const sizes = new Map<string, number>()
    for (const file of files) {
      const [, folder] = /^packages\/core\/src\/(?:(\w+)\/)?\w+\.ts$/.exec(file) ?? []
      if (folder !== undefined) sizes.set(folder, (sizes.get(folder) ?? 0) + linesOf(file).length)
    }
    const all = files.filter((file) => file.startsWith("packages/core/src/"))
      .reduce((sum, file) => sum + linesOf(file).length, 0)
    expect(sizes.size).toBeGreaterThan(5)
    for (const [folder, size] of sizes) expect({ folder, share: size / all }).toSatisfy(({ share }) => share <= 1 / 3)
  })
})
