import { readFileSync } from "node:fs"
import { slugger } from "../slug.mjs"

const { pages, repository } = JSON.parse(readFileSync(new URL("../pages/site.json", import.meta.url), "utf8"))
const byPage = new Map(pages.map((page) => [page.page, page]))

const groups = [...new Set(pages.map(({ group }) => group))].map((group) => ({
  text: group,
  // An API reference opens where one of its pages is read.
  ...(group.startsWith("@") ? { collapsed: true } : {}),
  items: pages.filter((page) => page.group === group).map(({ name, page }) => ({
    text: name,
    link: `/${page.replace(/index\.md$/, "").replace(/\.md$/, ".html")}`
  }))
}))

export default {
  title: "coalesce-runs",
  description: pages[0].summary,
  lang: "en",
  base: process.env.SITE_BASE ?? "/",
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
    config: ({ renderer: { rules } }) => {
      for (const rule of ["text", "code_inline"]) {
        const render = rules[rule]
        rules[rule] = (...args) => render(...args).replaceAll("{{", "&#123;&#123;")
      }
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
      { text: "llms.txt", link: "/llms.txt", target: "_blank" }
    ],
    sidebar: { "/": groups, "/api/": groups.filter(({ text }) => text.startsWith("@")) },
    outline: { level: [2, 3], label: "On this page" },
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: repository }],
    editLink: { pattern: ({ frontmatter }) => frontmatter.source, text: "Source of this page" }
  }
}
