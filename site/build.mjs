// Builds the site into dist/: the pages as HTML, and as Markdown beside it; llms.txt, which lists them, and llms-full.txt, which
// holds them all. Nothing is fetched.
//
// After `npm run build`, as `npm run site` at the root does:
//   node site/build.mjs
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "vitepress"
import { makePages } from "./pages.mjs"
import { verify } from "./verify.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const site = join(root, "site")
const folder = join(site, "pages")
const dist = join(site, "dist")
// Where the site lies on its host.
const base = process.env.SITE_BASE ?? "/"
const write = (path, text) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
const timed = async (title, effect) => {
  const start = performance.now()
  const result = await effect()
  console.log(`   ${title}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
  return result
}

const { exports, pages, repository } = await timed("read the pages and the doc comments", () => makePages(root))
rmSync(folder, { recursive: true, force: true })
rmSync(dist, { recursive: true, force: true })
cpSync(join(root, "docs/images"), join(folder, "docs/images"), { recursive: true })
for (const { page, text } of pages) write(join(folder, page), text)
write(
  join(folder, "site.json"),
  JSON.stringify({ base, repository, exports, pages: pages.map(({ text: _, ...page }) => page) })
)
await timed(
  "format the signatures",
  () =>
    execFileSync(join(root, "node_modules/.bin/dprint"), ["fmt", "--config", join(site, "signatures.json")], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"]
    })
)
await timed("build the pages", () => build(site))
// A link to a picture, and the Markdown beside the pages, lead to the picture under its own name.
cpSync(join(root, "docs/images"), join(dist, "docs/images"), { recursive: true })

const groups = [...new Set(pages.map(({ group }) => group))]
write(
  join(dist, "llms.txt"),
  [
    "# coalesce-runs",
    `> ${pages[0].summary}`,
    "[llms-full.txt](llms-full.txt) holds all of these pages.",
    ...groups.map((group) =>
      [
        `## ${group}\n`,
        ...pages.filter((page) => page.group === group).map(({ name, page, summary }) =>
          `- [${name}](${page}): ${summary}`
        )
      ].join("\n")
    )
  ].join("\n\n") + "\n"
)

const texts = pages.map(({ page }) => ({ page, text: readFileSync(join(folder, page), "utf8") }))
for (const { page, text } of texts) write(join(dist, page), text)
write(join(dist, "llms-full.txt"), texts.map(({ page, text }) => `<!-- ${page} -->\n\n${text.trim()}\n`).join("\n\n"))

const problems = await verify({ base, dist, root })
for (const problem of problems) console.error(`   ${problem}`)
if (problems.length > 0) throw new Error(`The site has ${problems.length} problems: see above.`)
console.log(`   ${pages.length} pages in site/dist`)
