import { readFileSync } from "node:fs"
import { slugger } from "../slug.mjs"

const { base, exports, pages, repository } = JSON.parse(
  readFileSync(new URL("../pages/site.json", import.meta.url), "utf8")
)
const byPage = new Map(pages.map((page) => [page.page, page]))

const groups = [...new Set(pages.map(({ group }) => group))].map((group) => ({
  text: group.replace("@coalesce-runs/", "API: "),
  // An API reference opens where one of its pages is read.
  ...(group.startsWith("@") ? { collapsed: true } : {}),
  items: pages.filter((page) => page.group === group).map(({ name, page }) => ({
    text: name,
    link: `/${page.replace(/index\.md$/, "").replace(/\.md$/, ".html")}`
  }))
}))

/** The pages are rendered for the server, the browser and the search: each block of code is highlighted for the first alone. */
const highlighted = new Map()
const highlightOnce = (options) => {
  const { highlight } = options
  options.highlight = (...args) => {
    const key = args.join("\n")
    if (!highlighted.has(key)) highlighted.set(key, highlight(...args))
    return highlighted.get(key)
  }
}

/** Vue would evaluate what stands in two braces. */
const showBraces = (rules) => {
  for (const rule of ["text", "code_inline"]) {
    const render = rules[rule]
    rules[rule] = (...args) => render(...args).replaceAll("{{", "&#123;&#123;")
  }
}

/** Where a text names an export in code, such as `RunWindow.list`, it links to its place in the reference. */
const linkExports = (tokens, Token) => {
  tokens.forEach((block, index) => {
    if (block.type !== "inline" || tokens[index - 1]?.type === "heading_open") return
    let depth = 0
    block.children = block.children.flatMap((token) => {
      depth += token.type === "link_open" ? 1 : token.type === "link_close" ? -1 : 0
      const href = token.type === "code_inline" && depth === 0
        ? exports[token.content.replace(/\(.*\)$/, "")]
        : undefined
      if (href === undefined) return [token]
      const open = new Token("link_open", "a", 1)
      open.attrSet("href", href)
      return [open, token, new Token("link_close", "a", -1)]
    })
  })
}

export default {
  title: "coalesce-runs",
  description: pages[0].summary,
  lang: "en",
  base,
  srcDir: "pages",
  outDir: "dist",
  cacheDir: "node_modules/.vitepress",
  metaChunk: true,
  transformPageData: (data) => {
    const page = byPage.get(data.relativePath)
    return page && {
      title: page.page === "index.md" ? "" : page.title,
      description: page.summary,
      frontmatter: { ...data.frontmatter, source: `${repository}/blob/main/${page.source}` }
    }
  },
  markdown: {
    // Pages are Markdown alone: what looks like a tag, such as Stream<Run>, is text.
    html: false,
    config: (md) => {
      highlightOnce(md.options)
      showBraces(md.renderer.rules)
      md.core.ruler.push("reference", ({ Token, tokens }) => linkExports(tokens, Token))
    },
    theme: { light: "github-light-high-contrast", dark: "github-dark" },
    // The ids of headings are GitHub's, so that a link works in both places.
    anchor: {
      getTokensText: (tokens) => tokens.map(({ content }) => content).join(""),
      slugify: (text) => slugger()(text)
    }
  },
  themeConfig: {
    nav: [
      { text: "Documentation", link: "/docs/", activeMatch: "^/docs/" },
      { text: "API reference", link: "/api/core/RunsClient.html", activeMatch: "^/api/" },
      { text: "llms.txt", link: `${base}llms.txt`, target: "_blank" }
    ],
    sidebar: { "/": groups, "/api/": groups.filter(({ text }) => text.startsWith("API: ")) },
    outline: { level: [2, 3], label: "On this page" },
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: repository }],
    editLink: { pattern: ({ frontmatter }) => frontmatter.source, text: "Source of this page" }
  }
}
