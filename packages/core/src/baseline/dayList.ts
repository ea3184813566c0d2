/**
 * Values by day. A job has few days, so that a list is fast enough; and it changes in place, where a Map would leave old tables
 * behind with each day that expires.
 */
export class DayList<A> {
  readonly #days: Array<number> = []
  readonly #values: Array<A> = []

  get size(): number {
    return this.#days.length
  }

  get(day: number): A | undefined {
    // Runs mostly come in succession, so that the day of the one before is the last.
    return this.#values[this.#days.lastIndexOf(day)]
  }

  set(day: number, value: A): void {
    const at = this.#days.lastIndexOf(day)
    this.#days[at === -1 ? this.#days.length : at] = day
    this.#values[at === -1 ? this.#values.length : at] = value
  }

  /** Removes the days up to one, and returns their values. */
  expire(oldest: number): ReadonlyArray<A> {
    const expired: Array<A> = []
    for (let at = this.#days.length - 1; at >= 0; at--) {
      if ((this.#days[at] ?? 0) > oldest) continue
      this.#days.splice(at, 1)
      expired.push(...this.#values.splice(at, 1))
    }
    return expired
  }

  /** Returns the days with their values, the earliest first. */
  sorted(): ReadonlyArray<readonly [day: number, value: A]> {
    return this.#values.map((value, at) => [this.#days[at] ?? 0, value] as const).sort(([a], [b]) => a - b)
  }
}
