export declare function bunHere(): string | undefined
export declare function bunTarget(platform: string, arch: string): string
export declare function buildEngine(options: {
  bun: string
  runtime: string
  target: string
  out: string
  version: string
}): Promise<void>
