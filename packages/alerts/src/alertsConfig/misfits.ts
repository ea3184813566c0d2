/** Says what is wrong with a value that does not fit the schema of the file. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import type * as SchemaIssue from "effect/SchemaIssue"
import { suggestion } from "./nearest.ts"
import type { Path } from "./position.ts"

/** Something wrong, and whether it is about the key or the value of a path. */
export interface Misfit {
  readonly path: Path
  readonly what: "key" | "value"
  readonly message: string
}

const expectedOf = (annotations: Schema.Annotations.Annotations | undefined): string | undefined => {
  const expected = annotations?.["expected"]
  return typeof expected === "string" ? expected : undefined
}

/** The literals that a value may be, whether in a list or not. None where it may be another text too. */
const literalsOf = (ast: SchemaAST.AST): ReadonlyArray<string> => {
  if (SchemaAST.isLiteral(ast)) return [String(ast.literal)]
  if (!SchemaAST.isUnion(ast)) return []
  const literals = ast.types.filter((type) => !SchemaAST.isArrays(type)).map(literalsOf)
  return literals.some((some) => some.length === 0) ? [] : literals.flat()
}

/** The literals of `type` that choose between objects. */
const typesOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  SchemaAST.isUnion(ast)
    ? ast.types.flatMap((type) =>
      SchemaAST.isObjects(type)
        ? type.propertySignatures.flatMap((property) => property.name === "type" ? literalsOf(property.type) : [])
        : []
    )
    : []

/** Returns what lies at a path, or nothing. */
export const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inside, segment) =>
      typeof inside === "object" && inside !== null ? new Map(Object.entries(inside)).get(String(segment)) : undefined,
    value
  )

const kindOf = (value: unknown): string =>
  value === null || value === undefined
    ? "nothing"
    : Array.isArray(value)
    ? "a list"
    : typeof value === "object"
    ? "keys and values"
    : `a ${typeof value}`

/** A value is repeated only where nobody would write a secret. */
const gotOf = (value: unknown, path: Path): string =>
  typeof value === "object" || value === undefined || path.length === 0 || path[0] === "destinations" ||
    path[0] === "heartbeat"
    ? kindOf(value)
    : JSON.stringify(value).length <= 40
    ? JSON.stringify(value)
    : `${JSON.stringify(value).slice(0, 40)}…`

const isPlainWord = (key: PropertyKey): boolean => /^[\w.-]{1,40}$/.test(String(key))

const ofValue = (path: Path, ast: SchemaAST.AST | undefined, expected: string | undefined, input: unknown): Misfit => {
  const value = at(input, path)
  const types = ast === undefined ? [] : typesOf(ast)
  if (types.length > 0) {
    const type = at(value, ["type"])
    return typeof type === "string" && isPlainWord(type)
      ? { path: [...path, "type"], what: "value", message: `There is no type "${type}". ${suggestion(type, types)}` }
      : { path, what: "value", message: `type is missing. Expected one of: ${types.join(", ")}.` }
  }
  const literals = ast === undefined ? [] : literalsOf(ast)
  const got = `got ${gotOf(value, path)}.`
  return {
    path,
    what: "value",
    message: expected !== undefined
      ? `Expected ${expected}, ${got}`
      : literals.length === 0
      ? `Expected ${ast === undefined ? "another value" : kindIn(ast)}, ${got}`
      : typeof value === "string"
      ? `${gotOf(value, path)} is not one of its values. ${suggestion(value, literals)}`
      : `Expected one of: ${literals.join(", ")}; ${got}`
  }
}

const kindIn = (ast: SchemaAST.AST): string =>
  expectedOf(ast.annotations) ??
    (SchemaAST.isArrays(ast) ? "a list" : SchemaAST.isObjects(ast) ? "keys and values" : "another value")

const keysOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  SchemaAST.isObjects(ast) ? ast.propertySignatures.map(({ name }) => String(name)) : []

/** What a key must be where every key of one form is allowed. */
const keyIn = (ast: SchemaAST.AST): string => {
  const [signature] = SchemaAST.isObjects(ast) ? ast.indexSignatures : []
  return expectedOf(signature?.parameter.annotations) ?? "another key"
}

/** What is wrong inside an object whose `type` is unknown: a field that some type has must fit there. */
const ofFields = (path: Path, ast: SchemaAST.AST, input: unknown): ReadonlyArray<Misfit> => {
  const fields = SchemaAST.isUnion(ast)
    ? ast.types.flatMap((type) => SchemaAST.isObjects(type) ? type.propertySignatures : [])
    : []
  return [...new Map(fields.map(({ name, type }) => [name, type]))].flatMap(([key, type]) => {
    const value = at(input, [...path, key])
    if (value === undefined) return []
    const decoded = Schema.decodeUnknownResult(Schema.make<Schema.Decoder<unknown>>(type))(value)
    return Result.isFailure(decoded) ? misfitsOf(decoded.failure.issue, input, [...path, key]) : []
  })
}

/** Returns what is wrong, in the order of the schema. */
export const misfitsOf = (issue: SchemaIssue.Issue, input: unknown, path: Path = []): ReadonlyArray<Misfit> => {
  switch (issue._tag) {
    case "Pointer":
      return misfitsOf(issue.issue, input, [...path, ...issue.path])
    case "Composite":
      return issue.issues.flatMap((inside) => misfitsOf(inside, input, path))
    case "Encoding":
      return misfitsOf(issue.issue, input, path)
    case "Filter":
      return [ofValue(path, undefined, expectedOf(issue.filter.annotations), input)]
    case "MissingKey": {
      const key = path.at(-1)
      return [{
        path,
        what: "value",
        message: typeof key === "number" ? "The list is empty. Name at least one." : `${String(key)} is missing.`
      }]
    }
    case "UnexpectedKey": {
      const key = path.at(-1) ?? ""
      const known = keysOf(issue.ast)
      return [{
        path,
        what: "key",
        message: isPlainWord(key)
          ? `There is no key "${String(key)}" here. ${suggestion(String(key), known)}`
          : known.length > 0
          ? `There is no such key here. Expected one of: ${known.join(", ")}.`
          : `This cannot be a key here. Expected ${keyIn(issue.ast)}.`
      }]
    }
    case "AnyOf": {
      // One member of the union fits so far that the mistake lies deeper.
      const inside = issue.issues.flatMap((member) => misfitsOf(member, input, path))
      const deeper = inside.filter((misfit) => misfit.path.length > path.length)
      return deeper.length > 0
        ? deeper
        : [ofValue(path, issue.ast, undefined, input), ...ofFields(path, issue.ast, input)]
    }
    case "InvalidType":
      return [ofValue(path, issue.ast, expectedOf(issue.ast.annotations), input)]
    case "Forbidden":
    case "InvalidValue":
    case "OneOf":
      return [ofValue(path, undefined, undefined, input)]
  }
}
