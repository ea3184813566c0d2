import { build } from "esbuild"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { help } from "../src/cli.ts"
import { tools } from "../src/tools/all.ts"
import { version } from "../src/version.ts"

const text = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), "utf8")
const read = (file: string) => JSON.parse(text(file))

describe("the published package", () => {
  const manifest = read("package.json")
  const chunks = readdirSync(new URL("../dist/chunks", import.meta.url))
  const bundled = ["dist/bin.cjs", ...chunks.map((file) => `dist/chunks/${file}`)]

  it("has one version and one name everywhere", () => {
    const { name, packages: [npm], version: registered } = read("server.json")
    expect({ name, registered, identifier: npm.identifier, npm: npm.version }).toEqual({
      name: manifest.mcpName,
      registered: manifest.version,
      identifier: manifest.name,
      npm: manifest.version
    })
    expect(version).toBe(manifest.version)
  })

  it("keeps the token secret in every client that asks for it", () => {
    const [token] = read("server.json").packages[0].environmentVariables
    expect(token).toMatchObject({ name: "COALESCE_ACCESS_TOKEN", isSecret: true })
    expect(read("mcpb/manifest.json").user_config.access_token).toMatchObject({ sensitive: true, required: true })
  })

  it("names the same variables in the registry, in the help and in the docs", () => {
    const [npm] = read("server.json").packages
    const registered = npm.environmentVariables.map(({ name }: { readonly name: string }) => name)
    const named = (text: string) => new Set(text.match(/COALESCE_[A-Z_]+/g))
    // The bearer token belongs to --http, which the registry does not start.
    const all = new Set([...registered, "COALESCE_MCP_HTTP_TOKEN"])
    expect(named(help)).toEqual(all)
    expect(named(text("../../docs/mcp.md"))).toEqual(all)
  })

  it("names the tools of the server", () => {
    const names = tools.map(({ definition }) => definition.name)
    expect(read("mcpb/manifest.json").tools.map(({ name }: { readonly name: string }) => name)).toEqual(names)
    for (const name of names) expect(text("../../docs/mcp.md")).toContain(`## \`${name}\``)
  })

  it("starts without core and effect, which load with the first call, and helps without the SDK", async () => {
    const { metafile } = await build({
      entryPoints: [fileURLToPath(new URL("../src/bin.ts", import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      format: "cjs",
      logLevel: "silent"
    })
    // What a module imports statically. The bundle replaces definitions.ts by its JSON.
    const loadedBy = (module: string): ReadonlyArray<string> => {
      const loaded = new Set(Object.keys(metafile.inputs).filter((file) => file.endsWith(`packages/mcp/src/${module}`)))
      for (const file of loaded) {
        if (file.endsWith("src/definitions.ts")) continue
        for (const { kind, path } of metafile.inputs[file]?.imports ?? []) {
          if (kind === "import-statement") loaded.add(path)
        }
      }
      return [...loaded]
    }
    const stdio = loadedBy("overStdio.ts")
    expect(stdio.filter((file) => /\/effect\/|packages\/core\//.test(file))).toEqual([])
    expect(stdio.some((file) => file.endsWith("src/prompts/whyDidItFail.ts"))).toBe(true)
    expect(loadedBy("bin.ts").filter((file) => file.includes("node_modules"))).toEqual([])
  })

  it("leaves out the schemas of the SDK that the server never uses, and compiles none", () => {
    const code = bundled.map(text)
    expect(code.some((file) => file.includes("notifications/initialized"))).toBe(true)
    // A sentence of the schemas of OAuth.
    expect(code.filter((file) => file.includes("vbscript"))).toEqual([])
    expect(code.some((file) => /\bjitless:!0\b/.test(file))).toBe(true)
  })

  it("npx brings the bundled files alone: no dependency, and no peer that npm installs", () => {
    expect(manifest).not.toHaveProperty("dependencies")
    expect(manifest).not.toHaveProperty("optionalDependencies")
    for (const name of Object.keys(manifest.peerDependencies)) {
      expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true })
    }
    // Node's own modules, and files beside it. Nothing else, and no path of the machine that built it.
    const strays = bundled.flatMap((file) => text(file).match(/\brequire\("[^"]*"\)|node_modules/g) ?? [])
      .filter((found) => !/^require\("(node:[\w/]+|\.\/(chunks\/)?[\w-]+\.cjs)"\)$/.test(found))
    expect(strays).toEqual([])
  })

  it("bundles nothing of @effect/platform-node", () => {
    expect(bundled.filter((file) => /platform-node|NodeRuntime/.test(text(file)))).toEqual([])
  })
})
