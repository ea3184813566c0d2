// The pages of the site: the README, docs/, the READMEs of the packages and the API reference. They are taken as they stand, and
// their links, which lead through the repository, lead through the site where it has the page, and to the repository elsewhere.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join, posix } from "node:path"
import { makeReference } from "./reference.mjs"
import { slugger } from "./slug.mjs"

const packages = ["core", "cli", "alerts", "mcp", "simulator"]

const titleOf = (text) => /^# (.+)$/m.exec(text)[1].replaceAll("`", "")

/** The first paragraph under the title, as one line without links. */
const summaryOf = (text) =>
  text.split("\n\n").slice(1).find((part) => /^[A-Z[`]/.test(part))
    .replaceAll("\n", " ").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")

/** The rows of the table in docs/README.md: the order of the pages, their names and the question that each answers. */
const questionsOf = (text) =>
  [...text.matchAll(/^\| \[([^\]]+)\]\(([\w-]+\.md)\) +\| (.+?) +\|$/gm)]
    .map(([, name, file, question]) => ({ name, source: `docs/${file}`, question }))

/** Applies a function to the text outside code blocks. */
const outsideCode = (text, change) =>
  text.split(/^(```[^]*?^```$)/m).map((part, index) => (index % 2 === 1 ? part : change(part))).join("")

const attributeOf = (tag, name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)[1]

/**
 * Pages are Markdown alone, so a `<picture>` for two color schemes becomes two images. The theme shows the one whose address ends as it
 * does: `#light` or `#dark`. A paragraph or a link around it becomes Markdown too.
 */
const asMarkdown = (text) =>
  text.replaceAll(
    /^<p>\n([^]*?)^<\/p>$/gm,
    (block, content) => content.includes("<picture>") ? content.replaceAll(/^ +/gm, "") : block
  )
    .replaceAll(/<picture>[^]*?<\/picture>/g, (picture) => {
      const [image] = /<img\s[^>]*>/.exec(picture)
      const alt = attributeOf(image, "alt")
      return `![${alt}](${attributeOf(image, "src")}#light)![${alt}](${attributeOf(picture, "srcset")}#dark)`
    })
    .replaceAll(/<a href="([^"]*)">\n(!\[.*\))\n<\/a>/g, "[$2]($1)")

/**
 * Returns the pages in their order, each `{ group, name, page, source, summary, text, title }`, the address of the repository, and where each
 * export is documented, by names such as `RunWindow.list`. `root` is the repository.
 */
export const makePages = async (root) => {
  const read = (path) => readFileSync(join(root, path), "utf8")
  const { homepage } = JSON.parse(read("packages/core/package.json"))
  const repository = homepage.replace(/#.*$/, "")

  const table = questionsOf(read("docs/README.md"))
  const files = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md") && file !== "README.md")
  const missing = files.filter((file) => !table.some(({ source }) => source === `docs/${file}`))
  if (missing.length > 0) throw new Error(`docs/README.md has no row for ${missing.join(", ")}.`)

  const written = [
    { group: "Start", name: "Overview", source: "README.md", page: "index.md" },
    { group: "Documentation", name: "All questions", source: "docs/README.md", page: "docs/index.md" },
    ...table.map(({ name, question, source }) => ({
      group: "Documentation",
      name,
      source,
      page: source,
      summary: question
    })),
    ...packages.map((name) => ({
      group: "Packages",
      name: `@coalesce-runs/${name}`,
      source: `packages/${name}/README.md`,
      page: `packages/${name}.md`
    }))
  ]
  const pageOf = new Map(written.map(({ page, source }) => [source, page]))

  const hrefOf = (href, { page, source }) => {
    const [, path, hash] = /^([^#]*)(.*)$/.exec(href.replace(`${repository}/blob/main/`, "/"))
    if (/^[a-z]+:/.test(path) || path === "") return href
    const target = path.startsWith("/") ? path.slice(1) : posix.join(posix.dirname(source), path)
    if (!existsSync(join(root, target))) throw new Error(`${source} links to ${href}, which does not exist.`)
    const isFolder = statSync(join(root, target)).isDirectory()
    const there = pageOf.get(isFolder ? posix.join(target, "README.md") : target)
    if (there !== undefined || target.startsWith("docs/images/")) {
      const way = posix.relative(posix.dirname(page), there ?? target)
      return (way.startsWith(".") ? way : `./${way}`) + hash
    }
    return `${repository}/${isFolder ? "tree" : "blob"}/main/${target}${hash}`
  }

  const reference = await makeReference({ repository, root, slugger })
  return {
    repository,
    exports: Object.fromEntries(
      reference.filter(({ title }) => /^[A-Z]/.test(title)).reverse().flatMap(({ entries, page, title }) =>
        entries.map(({ id, name }) => [`${title}.${name}`, `/${page}#${id}`])
      )
    ),
    pages: [
      ...written.map((entry) => {
        const text = outsideCode(
          read(entry.source),
          (part) => asMarkdown(part).replaceAll(/\]\(([^)\s]+)\)/g, (_, href) => `](${hrefOf(href, entry)})`)
        )
        return { summary: summaryOf(text), ...entry, text, title: titleOf(text) }
      }),
      ...reference.map(({ package: group, page, source, summary, text, title }) => ({
        group,
        name: title,
        page,
        source,
        summary,
        text,
        title: `${title} (${group})`
      }))
    ]
  }
}
