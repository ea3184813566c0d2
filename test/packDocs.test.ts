// The pages of docs/ as a package holds them: every link leads to a page beside it, or to the web.
import { expect, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

it("a packed page links to packed pages and to web addresses alone, and its pictures are in the repository", () => {
  const folder = mkdtempSync(join(tmpdir(), "packed-docs-"))
  try {
    execFileSync(process.execPath, [join(root, "scripts/packDocs.mjs")], { cwd: folder })
    const docs = join(folder, "docs")
    const links = readdirSync(docs).flatMap((file) =>
      [...readFileSync(join(docs, file), "utf8").matchAll(/\]\(([^)\s]+)\)/g)].map(([, href = ""]) => ({ file, href }))
    )
    const lost = links.filter(({ href }) => {
      const [path = ""] = href.split("#")
      const [, inRepository] = /^https:\/\/github\.com\/coalesce-runs\/coalesce-runs\/\w+\/main\/(.*)$/.exec(path) ?? []
      if (inRepository !== undefined) return !existsSync(join(root, inRepository))
      return path !== "" && !/^https?:/.test(path) && !existsSync(join(docs, path))
    })
    expect(lost).toEqual([])
    expect(links.filter(({ href }) => href.includes("/raw/main/docs/images/")).length).toBeGreaterThan(1)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
