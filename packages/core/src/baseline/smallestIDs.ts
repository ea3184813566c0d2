/** The smallest of many ids. It keeps its list when it begins anew: one that each day leaves behind would be freed late. */

const max = 20

export class SmallestIDs {
  readonly #ids: Array<number> = []
  #count = 0

  begin(ids: ReadonlyArray<number>): void {
    this.#count = 0
    for (const id of ids) this.add(id)
  }

  add(id: number): void {
    let at = this.#count
    while (at > 0 && this.#id(at - 1) > id) at--
    if (at === max || (at > 0 && this.#id(at - 1) === id)) return
    if (this.#count < max) this.#count++
    for (let to = this.#count - 1; to > at; to--) this.#ids[to] = this.#id(to - 1)
    this.#ids[at] = id
  }

  /** Returns the ids in order. */
  result(): ReadonlyArray<number> {
    return this.#ids.slice(0, this.#count)
  }

  #id(at: number): number {
    return this.#ids[at] ?? Number.NaN
  }
}
