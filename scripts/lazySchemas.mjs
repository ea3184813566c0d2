// Rewrites a module of the MCP SDK, so that each zod schema is made when it is first used. As published, the SDK makes 180 at
// import and 140 more at the first request, which uses some 30 of them. A schema that a program never uses leaves its bundle.
//
// `const ASchema = z.object({ b: BSchema })` becomes `const ASchema = lazy$(() => z.object({ b: BSchema() }))`, a use of `ASchema`
// becomes `ASchema()`, and an object of schemas becomes one whose members are made when they are read.
import ts from "typescript-5"

const { factory } = ts

const helpers = `
const lazy$ = (make) => { let made; return () => made ??= make() }
const members$ = (makes) => {
  const made = {}
  for (const name in makes) Object.defineProperty(made, name, { get: lazy$(makes[name]), enumerable: true })
  return made
}
`

/** The form of a schema's name, by which a module knows those that it imports. */
const isSchemaName = (name) => /^[A-Z]\w*Schema(\$\d+)?$/.test(name)

/** Whether an identifier stands for the value of its variable. */
const isUse = (node) => {
  const { parent } = node
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isBindingElement(parent)) return false
  if (ts.isShorthandPropertyAssignment(parent)) return true
  return ts.isPropertyAccessExpression(parent) ? parent.expression === node : parent.name !== node
}

/** Whether each member of an object can be made alone. */
const isPlain = (node) =>
  ts.isObjectLiteralExpression(node) &&
  node.properties.every((one) => ts.isPropertyAssignment(one) || ts.isShorthandPropertyAssignment(one))

/** A function that makes the schemas of a version of the protocol, and returns them in an object. */
const isBuilder = (node) => ts.isFunctionDeclaration(node) && /^build(\$\d+)?$/.test(node.name?.text ?? "")

/** Fills the SDK's lists of all schemas. Nothing in the bundle reads them. */
const fillsLists = (node) =>
  ts.isForOfStatement(node) && /^(SPEC_SCHEMA_KEYS|Object\.entries\(authSchemas\))$/.test(node.expression.getText())

const thunk = (body) => {
  const result = factory.createParenthesizedExpression(body)
  return factory.createArrowFunction(undefined, undefined, [], undefined, undefined, result)
}

const use = ({ text }) => factory.createCallExpression(factory.createIdentifier(text), undefined, [])

/** Calls a helper, and tells the bundler that it may leave the call out. */
const help = (name, argument) => {
  const call = factory.createCallExpression(factory.createIdentifier(name), undefined, [argument])
  return ts.addSyntheticLeadingComment(call, ts.SyntaxKind.MultiLineCommentTrivia, "@__PURE__")
}

/** Rewrites the text of a module. Throws where a name of a schema has two meanings. */
export const lazySchemas = (path, text) => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  const names = new Set(
    file.statements.filter(ts.isImportDeclaration).flatMap(({ importClause }) =>
      (importClause?.namedBindings?.elements ?? []).map(({ name }) => name.text).filter(isSchemaName)
    )
  )
  /** Whether evaluating an expression uses a schema. */
  const needsSchemas = (node) => {
    if (ts.isIdentifier(node)) return isUse(node) && (node.text === "z" || names.has(node.text))
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false
    return node.forEachChild((child) => needsSchemas(child) || undefined) === true
  }
  const schemas = new Set()
  for (const { statements } of [file, ...file.statements.filter(isBuilder).map(({ body }) => body)]) {
    for (
      const declaration of statements.filter(ts.isVariableStatement).flatMap((one) => one.declarationList.declarations)
    ) {
      const { initializer, name } = declaration
      if (initializer === undefined || !(isSchemaName(name.text) || needsSchemas(initializer))) continue
      names.add(name.text)
      schemas.add(declaration)
    }
  }
  if (names.size === 0) return text

  const rewrite = (context) => (root) => {
    const children = (node) => ts.visitEachChild(node, visit, context)
    const members = ({ properties }) =>
      help(
        "members$",
        factory.createObjectLiteralExpression(
          properties.map((one) => factory.createPropertyAssignment(one.name, thunk(visit(one.initializer ?? one.name))))
        )
      )
    const visit = (node) => {
      if (fillsLists(node)) return undefined
      if (schemas.has(node)) {
        const { initializer, name } = node
        const made = isPlain(initializer) ? members(initializer) : visit(initializer)
        return factory.createVariableDeclaration(name, undefined, undefined, help("lazy$", thunk(made)))
      }
      if (ts.isReturnStatement(node) && isBuilder(node.parent.parent)) {
        return factory.createReturnStatement(members(node.expression))
      }
      // A table of what a builder returned.
      if (
        ts.isPropertyAssignment(node) && ts.isPropertyAccessExpression(node.initializer) &&
        isSchemaName(node.initializer.name.text) && !ts.isCallExpression(node.parent.parent)
      ) {
        const body = factory.createBlock([factory.createReturnStatement(children(node.initializer))])
        return factory.createGetAccessorDeclaration(undefined, node.name, [], undefined, body)
      }
      if (ts.isIdentifier(node) && names.has(node.text)) {
        if (isUse(node)) return use(node)
        const { line } = file.getLineAndCharacterOfPosition(node.pos)
        if (ts.isParameter(node.parent) || ts.isBindingElement(node.parent) || ts.isVariableDeclaration(node.parent)) {
          throw new Error(`${path}:${line + 1}: ${node.text} is also a schema`)
        }
      }
      if (ts.isShorthandPropertyAssignment(node) && names.has(node.name.text)) {
        return factory.createPropertyAssignment(node.name, use(node.name))
      }
      return children(node)
    }
    return visit(root)
  }
  const { transformed: [rewritten] } = ts.transform(file, [rewrite])
  return helpers + ts.createPrinter().printFile(rewritten)
}
