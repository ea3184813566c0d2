/** Calls the language service of TypeScript 5, as an editor does. */
import { readFileSync, realpathSync } from "node:fs"
import ts from "typescript-5"
import type { Completion, Editor } from "./editor.ts"

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: []
}

export const open = (file: string): Editor => {
  let program = { text: "", version: 0 }
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => name === file ? String(program.version) : "1",
    getScriptSnapshot: (name) =>
      name === file
        ? ts.ScriptSnapshot.fromString(program.text)
        : ts.sys.fileExists(name)
        ? ts.ScriptSnapshot.fromString(readFileSync(name, "utf8"))
        : undefined,
    getCurrentDirectory: () => process.cwd(),
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: (name) => ts.sys.readFile(name),
    directoryExists: (name) => ts.sys.directoryExists(name),
    getDirectories: (name) => ts.sys.getDirectories(name),
    realpath: (name) => realpathSync(name)
  })
  return {
    complete: (text, position) => {
      program = { text, version: program.version + 1 }
      const completions = service.getCompletionsAtPosition(file, position, {})
      return Promise.resolve((completions?.entries ?? []).map(({ data, name }): Completion => ({
        name,
        documentation: ts.displayPartsToString(
          service.getCompletionEntryDetails(file, position, name, {}, undefined, {}, data)?.documentation
        )
      })))
    },
    close: () => {
      service.dispose()
      return Promise.resolve()
    }
  }
}
