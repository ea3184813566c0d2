/** Finds where in the text of a file a key or a value stands. */
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter, type Node } from "yaml"

/** Where a value lies in the file: keys, and indexes of lists. */
export type Path = ReadonlyArray<PropertyKey>

/** A place in the text, both from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

const isKey = (node: unknown, segment: PropertyKey): boolean => isScalar(node) && String(node.value) === String(segment)

/** The nodes from the whole document to the last one on the path that exists: of a value, or of its key. */
const nodeAt = (document: Document, path: Path, what: "key" | "value"): Node | null => {
  let node: Node | null = document.contents
  for (const [index, segment] of path.entries()) {
    const inside: Node | null | undefined = isAlias(node) ? node.resolve(document) : node
    if (isSeq(inside)) {
      const item: unknown = inside.items[Number(segment)]
      if (!isNode(item)) return node
      node = item
    } else if (isMap(inside)) {
      const pair = inside.items.find(({ key }) => isKey(key, segment))
      if (pair === undefined || !isNode(pair.key)) return node
      const isLast = index === path.length - 1
      node = (isLast && what === "key") || !isNode(pair.value) ? pair.key : pair.value
    } else return node
  }
  return node
}

/** Returns where the value of a path begins, or its key. Where it is missing, that is where it would belong. */
export const positionOf = (
  document: Document,
  lines: LineCounter,
  path: Path,
  what: "key" | "value"
): Position | undefined => {
  const start = nodeAt(document, path, what)?.range?.[0]
  if (start === undefined) return undefined
  const { col, line } = lines.linePos(start)
  return { line, column: col }
}
