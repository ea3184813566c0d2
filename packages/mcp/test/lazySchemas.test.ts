// The bin's bundle rewrites the schemas of the SDK: scripts/lazySchemas.mjs at the root.
import { build, type Plugin } from "esbuild"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { compileFunction } from "node:vm"
import { expect, it } from "vitest"

const rewriting: { readonly lazySchemas: (path: string, text: string) => string } = await import(
  new URL("../../../scripts/lazySchemas.mjs", import.meta.url).href
)

/** Evaluates a module, and counts the schemas that it makes. */
const evaluate = (
  text: string
): { readonly made: ReadonlyArray<string>; readonly exports: Record<string, unknown> } => {
  const made: Array<string> = []
  const z = {
    string: () => {
      made.push("string")
      return "string"
    },
    object: (shape: object) => {
      made.push(`object of ${Object.keys(shape).join()}`)
      return shape
    }
  }
  const body = text.replace("import * as z from \"zod/v4\";", "").replace(/export \{(.*)\}/, "return {$1}")
  return { made, exports: compileFunction(body, ["z"])(z) }
}

const source = `import * as z from "zod/v4";
const ASchema = z.string();
const BSchema = z.object({ a: ASchema, ASchema });
const known = { b: BSchema };
function build() {
  const CSchema = make();
  const DSchema = z.object({ c: CSchema });
  return { C: CSchema, DSchema };
}
function make() { return z.string(); }
const read = () => [BSchema, ASchema, known.b];
export { read, build }
`

const call = (value: unknown): unknown => typeof value === "function" ? value() : undefined

it("makes a schema when it is first used, and only once", () => {
  const { exports, made } = evaluate(rewriting.lazySchemas("module.mjs", source))
  expect(made).toEqual([])
  const shape = { a: "string", ASchema: "string" }
  expect(call(exports["read"])).toEqual([shape, "string", shape])
  expect(made).toEqual(["string", "object of a,ASchema"])
  call(exports["read"])
  expect(made).toHaveLength(2)
})

it("makes a schema of a version of the protocol when the member with it is read", () => {
  const { exports, made } = evaluate(rewriting.lazySchemas("module.mjs", source))
  const built = call(exports["build"])
  expect(made).toEqual([])
  expect(built).toMatchObject({ DSchema: { c: "string" } })
  expect(made).toEqual(["string", "object of c"])
})

it("refuses a module that gives the name of a schema to something else", () => {
  expect(() => rewriting.lazySchemas("module.mjs", `${source}\nfunction other(ASchema) { return ASchema }`))
    .toThrow("module.mjs:14: ASchema is also a schema")
})

/** Returns the JSON Schema of each schema that the SDK has for the two eras of the protocol. */
const schemasOfSdk = async (rewrite: (path: string, text: string) => string) => {
  const plugin: Plugin = {
    name: "sdk",
    setup: (building) => {
      building.onLoad(
        { filter: /[\\/]@modelcontextprotocol[\\/](core|server)[\\/]dist[\\/][^\\/]+\.mjs$/ },
        ({ path }) => {
          const text = readFileSync(path, "utf8")
          const isInner = text.includes("function buildSchemas2025(")
          const more = isInner ? "\nglobalThis.sdkOfTest = { all: [buildSchemas2025(), buildSchemas2026()], z }" : ""
          return { contents: rewrite(path, text + more) }
        }
      )
    }
  }
  const { outputFiles: [bundle] } = await build({
    stdin: { contents: "import \"@modelcontextprotocol/server\"", resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    plugins: [plugin],
    logLevel: "error"
  })
  const sdk = compileFunction(`${bundle?.text}\nreturn globalThis.sdkOfTest`, ["require", "module"])(
    createRequire(import.meta.url),
    { exports: {} }
  )
  Reflect.deleteProperty(globalThis, "sdkOfTest")
  const all: ReadonlyArray<Record<string, object>> = sdk.all
  return all.map((schemas) =>
    Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => {
        const members: ReadonlyArray<[string, unknown]> = "_zod" in schema ? [["", schema]] : Object.entries(schema)
        return [
          name,
          members.map(([key, one]) => [key, sdk.z.toJSONSchema(one, { unrepresentable: "any", io: "input" })])
        ]
      })
    )
  )
}

it("leaves the schemas of the SDK as they are", async () => {
  const published = await schemasOfSdk((_, text) => text)
  for (const schemas of published) expect(Object.keys(schemas).length).toBeGreaterThan(100)
  expect(await schemasOfSdk(rewriting.lazySchemas)).toEqual(published)
})
