// Makes the API reference: a page of Markdown for each public module, from the doc comments. TypeDoc says what a module exports
// and what its comments link to. A signature is the code of its declaration: types as written, and schemas as their source,
// because the types that the compiler infers of them are unreadable.
import { readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { Application, IntrinsicType, Reflection, ReflectionKind } from "typedoc"
import ts from "typescript"

/** Longest source of a value, in lines, that a page shows. A longer one is shown by its type. */
const maxLines = 60

const folders = ["core", "alerts", "simulator", "mcp"]

/** The public modules of a package: those of its index, and those that `exports` lists besides. */
const modulesOf = (root, folder) => {
  const home = join(root, "packages", folder)
  const { exports, name } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"))
  const index = readFileSync(join(home, "src/index.ts"), "utf8")
  const named = [...index.matchAll(/^export \* as (\w+) from "\.\/(\w+)\.ts"$/gm)]
    .map(([, title, file]) => ({ title, file, imported: `import { ${title} } from "${name}"` }))
  const others = Object.entries(exports)
    .filter(([path, { types }]) => path !== "." && types !== undefined)
    .map(([path, { types }]) => ({ path: path.slice(2), file: /(\w+)\.d\.ts$/.exec(types)[1] }))
    .filter(({ file }) => !named.some((module) => module.file === file))
    .map(({ file, path }) => ({ title: path, file, imported: `import * as ${file} from "${name}/${path}"` }))
  return [...named, ...others].map((module) => ({
    ...module,
    package: name,
    folder,
    source: `packages/${folder}/src/${module.file}.ts`,
    types: `packages/${folder}/dist/${module.file}.d.ts`,
    page: `api/${folder}/${module.title}.md`
  }))
}

const parsed = new Map()
const parse = (path) => {
  if (!parsed.has(path)) {
    parsed.set(path, ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ESNext, true))
  }
  return parsed.get(path)
}

const nameOf = (statement) =>
  ts.isVariableStatement(statement) ? statement.declarationList.declarations[0].name.text : statement.name?.text

const isType = (statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)

const bare = (text) =>
  text
    .replace(/^(export |declare )+/, "")
    .replaceAll(/\/\* ?[@#]__PURE__ ?\*\/ ?/g, "")
    .replaceAll(/^ *\/\/ .*\n/gm, "")
    .replace(/;$/, "")

/** A class without the bodies of its members, which are nobody's interface, and without the `message` that every error has. */
const classText = (node) => {
  const cuts = node.members.flatMap((member) => {
    if (member.name?.getText() === "message") return [{ start: member.pos, end: member.end }]
    return member.body === undefined ? [] : [{ start: member.body.pos, end: member.body.end }]
  })
  const text = cuts.reverse().reduce(
    (left, { end, start }) => left.slice(0, start - node.getStart()) + left.slice(end - node.getStart()),
    node.getText()
  )
  return text.replace(/\{\s*\}$/, "{}")
}

/** The code that a page shows of a declaration, given as the compiler emits it and as it stands in the source. */
const codeOf = (emitted, source) => {
  if (source === undefined) return bare(emitted.getText())
  if (isType(source)) return bare(source.getText())
  if (ts.isClassDeclaration(source)) return bare(classText(source))
  if (!ts.isVariableStatement(source)) return bare(emitted.getText())
  const [{ initializer, type }] = source.declarationList.declarations
  const lines = source.getText().split("\n").length
  const isFunction = kindOf(emitted) === "Functions" || (initializer !== undefined && ts.isArrowFunction(initializer))
  return bare((type !== undefined || isFunction || lines > maxLines ? emitted : source).getText())
}

const kindOf = (emitted) => {
  if (ts.isClassDeclaration(emitted)) return "Classes"
  if (isType(emitted)) return "Types"
  if (ts.isFunctionDeclaration(emitted)) return "Functions"
  if (!ts.isVariableStatement(emitted)) return "Values"
  const [{ type }] = emitted.declarationList.declarations
  if (type === undefined) return "Values"
  if (ts.isFunctionTypeNode(type)) return "Functions"
  return type.getText().startsWith("Schema.") ? "Schemas" : "Values"
}

const statementAt = (file, line) => {
  const lineOf = (position) => file.getLineAndCharacterOfPosition(position).line + 1
  return file.statements.find((statement) => lineOf(statement.getStart()) <= line && line <= lineOf(statement.end))
}

/**
 * The declaration of a reflection: its statement in the compiler's output, and the one in the source of the same name. A schema and
 * its type have one name, and TypeDoc gives both declarations for each.
 */
const declarationOf = ({ kind, sources }) => {
  const wanted = kind === ReflectionKind.Interface || kind === ReflectionKind.TypeAlias
  const { emitted, fullFileName } = sources
    .map(({ fullFileName, line }) => ({ fullFileName, emitted: statementAt(parse(fullFileName), line) }))
    .find(({ emitted }) => isType(emitted) === wanted)
  const path = fullFileName.replace("/dist/", "/src/").replace(/\.d\.ts$/, ".ts")
  const source = parse(path).statements.find((statement) =>
    nameOf(statement) === nameOf(emitted) && isType(statement) === isType(emitted)
  )
  return {
    emitted,
    source,
    path,
    line: source && parse(path).getLineAndCharacterOfPosition(source.getStart()).line + 1
  }
}

const renamed = (code, from, to) => (from === to ? code : code.replace(new RegExp(`\\b${from}\\b`), to))

/** The comment at the head of a file, without its stars. The compiler drops it where a file only re-exports. */
const headOf = (path) => {
  const text = readFileSync(path, "utf8")
  const [, comment = ""] = /^\/\*\*(.*?)\*\//s.exec(text) ?? []
  return comment.replaceAll(/^ *\* ?/gm, "").trim()
}

const codeBlock = (code) => "```ts\n" + code + "\n```"

const kinds = ["Functions", "Schemas", "Classes", "Types", "Values", "From other modules"]

/**
 * Returns the pages of the reference, each with its `text` and the first paragraph of its module's comment as `summary`. `root` is the
 * repository, `repository` its address, and `slugger` makes the ids of a page's headings.
 */
export const makeReference = async ({ repository, root, slugger }) => {
  const modules = folders.flatMap((folder) => modulesOf(root, folder))
  const app = await Application.bootstrap({
    entryPoints: modules.map(({ types }) => join(root, types)),
    tsconfig: join(root, "site/tsconfig.json"),
    // `npm run build` has checked them, with the compiler of the workspace.
    skipErrorChecking: true,
    disableGit: true,
    sourceLinkTemplate: "{path}",
    readme: "none",
    excludeExternals: true,
    excludeInternal: true,
    validation: { notExported: false },
    sort: ["source-order"],
    logLevel: "Error"
  })
  // The pages show types as code, so TypeDoc need not take them apart: that would double its time.
  app.converter.convertType = () => new IntrinsicType("unknown")
  const project = await app.convert()
  if (project === undefined) throw new Error("TypeDoc could not read the packages: see above.")

  const byFile = new Map(project.children.map((child) => [relative(root, child.sources[0].fullFileName), child]))
  const shown = modules.map((module) => {
    const reflection = byFile.get(module.types)
    if (reflection === undefined) throw new Error(`TypeDoc does not know ${module.types}`)
    return { ...module, reflection, entries: entriesOf(reflection, slugger(module.title)) }
  })
  const byReflection = new Map(shown.map((module) => [module.reflection, module]))

  /** Where a reflection is documented, seen from a page: the entry that holds it, or the page of its module. */
  const hrefOf = (target, from) => {
    for (let at = target, entry; at !== undefined; entry = at, at = at.parent) {
      const module = byReflection.get(at)
      if (module === undefined) continue
      const id = module.entries.find(({ name }) => name === entry?.name)?.id
      return (module === from ? "" : relative(join(from.page, ".."), module.page)) + (id === undefined ? "" : `#${id}`)
    }
  }
  const linked = (text, href) => {
    const code = `\`${text.trim().replaceAll("`", "")}\``
    return href === undefined ? code : `[${code}](${href})`
  }
  const textOf = (parts, from) =>
    parts.map(({ kind, target, text }) =>
      kind === "inline-tag" ? linked(text, target instanceof Reflection ? hrefOf(target, from) : undefined) : text
    ).join("")

  /** TypeDoc does not read the comment at the head of a module that only re-exports: its links are resolved by name. */
  const headTextOf = (module) =>
    headOf(join(root, module.source))
      .replaceAll(/^@since.*$|^Long because.*$/gm, "")
      .replaceAll(/\{@link (\w+)\}/g, (_, name) => {
        const child = module.reflection.children?.find((child) => child.name === name)
        return linked(name, child && hrefOf(child, module))
      })
      .trim()

  const entryText = ({ children, name }, module) => {
    const [first] = children
    if (first.kind === ReflectionKind.Reference) {
      const target = first.getTargetReflectionDeep()
      const home = byReflection.get(target.parent)
      return [`The same as ${linked(`${home?.title}.${target.name}`, hrefOf(target, module))}.`]
    }
    const declarations = children.map(declarationOf)
    const code = declarations.map(({ emitted, source }) => renamed(codeOf(emitted, source), nameOf(emitted), name))
    const prose = children.flatMap((child) => {
      const comment = child.comment ?? child.signatures?.[0]?.comment
      const tags = (comment?.blockTags ?? []).filter(({ tag }) => tag !== "@since")
      return [textOf(comment?.summary ?? [], module), ...tags.map((tag) => textOf(tag.content, module))]
    }).filter((text) => text !== "")
    const [{ line, path }] = declarations
    const source = `${repository}/blob/main/${relative(root, path)}${line === undefined ? "" : `#L${line}`}`
    return [codeBlock(code.join("\n\n")), ...new Set(prose), `[Source](${source})`]
  }

  return shown.map((module) => {
    const head = headTextOf(module)
    return {
      ...module,
      summary: head.split("\n\n")[0].replaceAll("\n", " "),
      text: [
        `# ${module.title}`,
        codeBlock(module.imported),
        head,
        ...kinds.flatMap((kind) => {
          const entries = module.entries.filter((entry) => entry.kind === kind)
          const texts = entries.flatMap((entry) => [`### ${entry.name}`, ...entryText(entry, module)])
          return entries.length === 0 ? [] : [`## ${kind}`, ...texts]
        })
      ].join("\n\n") + "\n"
    }
  })
}

/** What a module exports, by name: a schema and its type are one entry. In the order of the page, with the ids of the headings. */
const entriesOf = (reflection, slug) => {
  const byName = new Map()
  for (const child of reflection.children ?? []) byName.set(child.name, [...(byName.get(child.name) ?? []), child])
  const entries = [...byName].map(([name, children]) => {
    if (children[0].kind === ReflectionKind.Reference) return { name, children, kind: "From other modules" }
    const emitted = children.map((child) => declarationOf(child).emitted)
    return { name, children, kind: kindOf(emitted.find((statement) => !isType(statement)) ?? emitted[0]) }
  })
  return kinds.flatMap((kind) => {
    const ofKind = entries.filter((entry) => entry.kind === kind)
    if (ofKind.length > 0) slug(kind)
    return ofKind.map((entry) => ({ ...entry, id: slug(entry.name) }))
  })
}
