// Says what is wrong with the built site. It takes what must be there from the repository, not from the code that makes the pages.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, posix, relative } from "node:path"

const plain = (html) =>
  html.replaceAll(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", "\"")
    .replaceAll("&#39;", "'").replaceAll("&amp;", "&").replaceAll(/\s+/g, " ")

/** The first words of each doc comment, up to what Markdown changes, such as code. */
const openings = (source) =>
  [...source.matchAll(/^\/\*\*\s+(?:\* )?([^`{*@[_\n]{12,})/gm)].map(([, words]) =>
    words.trim().replaceAll(/\s+/g, " ")
  )

const read = (...path) => readFileSync(join(...path), "utf8")

/** What a page must show of a public module: what its build exports, and how its file describes itself and them. */
const publicModules = (root) =>
  ["core", "alerts", "simulator", "mcp"].flatMap((folder) => {
    const home = join(root, "packages", folder)
    const named = [...read(home, "src/index.ts").matchAll(/^export \* as (\w+) from "\.\/(\w+)\.ts"$/gm)]
      .map(([, title, file]) => ({ title, file }))
    const others = Object.entries(JSON.parse(read(home, "package.json")).exports)
      .flatMap(([path, { types }]) => (types === undefined || path === "." ? [] : [{ title: path.slice(2), types }]))
      .map(({ title, types }) => ({ title, file: /(\w+)\.d\.ts$/.exec(types)[1] }))
    return [...named, ...others].map(({ file, title }) => ({
      page: `api/${folder}/${title}`,
      built: join(home, `dist/${file}.js`),
      openings: openings(
        read(home, `src/${file}.ts`).replaceAll(
          /^\/\*\*[^*]*?\*\/\n(?=(async )?(const|function|type|interface) )/gm,
          ""
        )
      )
    }))
  })

/** The problems of a site in `dist` that lies at `base`, as sentences. None if it is whole. `root` is the repository. */
export const verify = async ({ base, dist, root }) => {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)))
  const html = new Map(files.filter((file) => file.endsWith(".html")).map((file) => [file, read(dist, file)]))
  const problems = []

  const docs = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md") && file !== "README.md")
  const modules = publicModules(root)
  const packages = readdirSync(join(root, "packages")).filter((name) =>
    existsSync(join(root, "packages", name, "README.md"))
  )
  const wanted = [
    "index",
    "docs/index",
    ...docs.map((file) => `docs/${file.slice(0, -3)}`),
    ...packages.map((name) => `packages/${name}`),
    ...modules.map(({ page }) => page)
  ]
  const index = files.filter((file) => /localSearchIndex\w*\.[\w-]+\.js$/.test(file)).map((file) => read(dist, file))
    .join()
  const list = read(dist, "llms.txt")
  const full = read(dist, "llms-full.txt")
  for (const page of wanted) {
    if (!html.has(`${page}.html`)) problems.push(`${page}.html is missing.`)
    if (!files.includes(`${page}.md`)) problems.push(`${page}.md is missing.`)
    else if (!full.includes(read(dist, `${page}.md`).trim())) problems.push(`llms-full.txt does not hold ${page}.md.`)
    if (!list.includes(`](${page}.md)`)) problems.push(`llms.txt does not list ${page}.md.`)
    if (!index.includes(`${base}${page.replace(/(^|\/)index$/, "$1")}${page.endsWith("index") ? "" : ".html"}#`)) {
      problems.push(`The search does not know ${page}.`)
    }
  }
  for (const { built, openings, page } of modules) {
    const text = plain(html.get(`${page}.html`) ?? "")
    for (const name of Object.keys(await import(built))) {
      if (!html.get(`${page}.html`)?.includes(`>${name} <a class="header-anchor"`)) {
        problems.push(`${page} does not document ${name}.`)
      }
    }
    for (const words of openings) if (!text.includes(words)) problems.push(`${page} does not say "${words}…".`)
  }

  for (const [file, text] of html) {
    for (const [tag] of text.matchAll(/&lt;(picture|img)\b/g)) {
      problems.push(`${file} shows "${tag.replace("&lt;", "<")}" as text.`)
    }
    for (const [, src] of text.matchAll(/<img\b[^>]*? src="([^"]*)"/g)) {
      if (/^[a-z]+:/.test(src)) continue
      const [path] = src.split("#")
      const target = path.startsWith(base) ? path.slice(base.length) : posix.join(posix.dirname(file), path)
      if (!files.includes(target)) problems.push(`${file} shows ${src}, which does not exist.`)
    }
    for (const [, href] of text.matchAll(/<a\b[^>]*? href="([^"]*)"/g)) {
      if (/^[a-z]+:/.test(href)) continue
      const [path, hash] = href.split("#")
      const target = path === ""
        ? file
        : path.startsWith(base)
        ? path.slice(base.length)
        : posix.join(posix.dirname(file), path).replace(/^\.\/$/, "")
      const there = html.get(target === "" || target.endsWith("/") ? `${target}index.html` : target)
      if (there === undefined && !files.includes(target)) {
        problems.push(`${file} links to ${href}, which does not exist.`)
      } else if (hash && there !== undefined && !there.includes(` id="${decodeURIComponent(hash)}"`)) {
        problems.push(`${file} links to ${href}, and that page has no such heading.`)
      }
    }
    for (
      const [tag] of text.matchAll(/<(script|link|img|iframe|source|video)\b[^>]*? (src|href)="(https?:)?\/\/[^>]*>/g)
    ) {
      problems.push(`${file} loads something of another host: ${tag}`)
    }
  }
  for (const file of files.filter((file) => file.endsWith(".css"))) {
    for (const [rule] of read(dist, file).matchAll(/(url\(["']?|@import ["'])(https?:)?\/\/[^)]*/g)) {
      problems.push(`${file} loads something of another host: ${rule}`)
    }
  }
  return [...new Set(problems)]
}
