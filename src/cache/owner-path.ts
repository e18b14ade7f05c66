/**
 * The owner record's place: inside the cache's first folder, under a name that ends neither in -a nor in -d. There it outlives
 * Go's trimming and goes when `go clean -cache` takes the objects (cmd/go/internal/cache, cmd/go/internal/clean).
 */
export function ownerPath(cache: string): string {
  return `${cache}/00/gowarden-owner.json`
}
