/** Finds the public functions that take options, by the declarations of a package's build. */
import { readdirSync, readFileSync } from "node:fs"

/** What the main entry of a package exports, or one entry under its name. */
type Modules = Readonly<Record<string, object>>

const folderOf = (module: string): string => {
  const name = module.replace(/^Runs?(?=[A-Z])/, "")
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}/`
}

/** Returns their names, such as `RunsClient.list`. */
export const takersOf = (dist: URL, modules: Modules): ReadonlyArray<string> => {
  /** The declarations of a name: its file, and what follows the name as far as the first arrow. */
  const declarations = new Map<string, Array<readonly [file: string, text: string]>>()
  for (
    const file of readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d.ts"))
  ) {
    for (const part of readFileSync(new URL(file, dist), "utf8").split(/^export declare const /m).slice(1)) {
      const [name = ""] = /^\w+/.exec(part) ?? []
      declarations.set(name, [...declarations.get(name) ?? [], [file, part.split("=>")[0] ?? ""]])
    }
  }
  return Object.entries(modules).flatMap(([module, exported]) =>
    Object.entries(exported).flatMap(([name, value]: readonly [string, unknown]) => {
      const declared = (declarations.get(name) ?? []).filter(([file]) =>
        file === `${module}.d.ts` || file.startsWith(folderOf(module))
      )
      return typeof value === "function" && /^[a-z]/.test(name) &&
          declared.some(([, text]) => /\b(?:options|query)\??: |: \w*Options\b/.test(text))
        ? [`${module}.${name}`]
        : []
    })
  )
}
