/** Chromium, asked over a pipe in its own protocol (chromedevtools.github.io/devtools-protocol): no driver is needed for a few questions. */
import {spawn} from 'node:child_process'
import type {Readable, Writable} from 'node:stream'
import {onPath} from './shells.ts'
import {withTemporary} from './temporary.ts'

/** Where a Chromium is; undefined where there is none. */
export const chromium = onPath('chromium') ?? onPath('chromium-browser') ?? onPath('google-chrome')

export type Look = {width: number; scheme: 'light' | 'dark'; media?: 'screen' | 'print'}

export type Tab = {
  /** Opens a page, and waits until it is there. */
  open(url: string, look: Look): Promise<void>
  /** What a script of the page's says, which may be a promise of it. */
  ask<T>(expression: string): Promise<T>
  /** Presses a key, as a person does. */
  press(key: string): Promise<void>
  /** What was asked of any network or file so far, and what the page complained of. */
  said: {requests: string[]; complaints: string[]}
}

type Message = {
  id?: number
  method?: string
  params?: Record<string, unknown>
  result?: unknown
  error?: {message: string}
}

/** Runs `body` with an empty tab of a browser that knows nobody. */
export async function withTab(body: (tab: Tab) => Promise<void>): Promise<void> {
  await withTemporary(async folder => {
    const words = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-pipe',
      `--user-data-dir=${folder}/profile`,
    ]
    const child = spawn(chromium ?? 'chromium', words, {
      env: {...process.env, HOME: folder},
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise(resolve => child.once('close', resolve))
    const [, , , to, from] = child.stdio as unknown as [null, null, null, Writable, Readable]
    const waiting = new Map<number, (message: Message) => void>()
    child.once('close', () => {
      for (const answer of waiting.values()) answer({error: {message: 'the browser ended'}})
    })
    const listeners = new Set<(message: Message) => void>()
    let rest = ''
    from.on('data', chunk => {
      const messages = (rest + chunk).split('\0')
      rest = messages.pop() ?? ''
      for (const text of messages) {
        const message: Message = JSON.parse(text)
        waiting.get(message.id ?? 0)?.(message)
        for (const listen of listeners) listen(message)
      }
    })
    let last = 0
    const send = <T>(method: string, params: object = {}, sessionId?: string): Promise<T> =>
      new Promise((resolve, reject) => {
        last += 1
        waiting.set(last, ({result, error}) =>
          error === undefined ? resolve(result as T) : reject(new Error(`${method}: ${error.message}`)),
        )
        to.write(`${JSON.stringify({id: last, method, params, sessionId})}\0`)
      })
    try {
      const {targetId} = await send<{targetId: string}>('Target.createTarget', {url: 'about:blank'})
      const attached = {targetId, flatten: true}
      const {sessionId} = await send<{sessionId: string}>('Target.attachToTarget', attached)
      const said: Tab['said'] = {requests: [], complaints: []}
      listeners.add(({method, params = {}}) => {
        if (method === 'Network.requestWillBeSent')
          said.requests.push((params['request'] as {url: string}).url)
        if (method === 'Log.entryAdded') said.complaints.push((params['entry'] as {text: string}).text)
        if (method === 'Runtime.exceptionThrown') said.complaints.push(JSON.stringify(params))
      })
      for (const domain of ['Page', 'Runtime', 'Network', 'Log'])
        await send(`${domain}.enable`, {}, sessionId)
      await body({
        said,
        open: async (url, {width, scheme, media = 'screen'}) => {
          const metrics = {width, height: 900, deviceScaleFactor: 1, mobile: false}
          await send('Emulation.setDeviceMetricsOverride', metrics, sessionId)
          const features = [{name: 'prefers-color-scheme', value: scheme}]
          await send('Emulation.setEmulatedMedia', {media, features}, sessionId)
          const loaded = new Promise<void>(resolve => {
            const listen = ({method}: Message) => {
              if (method !== 'Page.loadEventFired') return
              listeners.delete(listen)
              resolve()
            }
            listeners.add(listen)
          })
          await send('Page.navigate', {url}, sessionId)
          await loaded
        },
        ask: async expression => {
          const asked = {expression, returnByValue: true, awaitPromise: true}
          const {result, exceptionDetails} = await send<{result: {value: never}; exceptionDetails?: object}>(
            'Runtime.evaluate',
            asked,
            sessionId,
          )
          if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
          return result.value
        },
        press: async key => {
          const text = key === 'Enter' ? '\r' : undefined
          for (const type of ['keyDown', 'keyUp'])
            await send(
              'Input.dispatchKeyEvent',
              {type, key, code: key, ...(text && {text}), windowsVirtualKeyCode: key === 'Enter' ? 13 : 9},
              sessionId,
            )
        },
      })
    } finally {
      child.kill()
      await ended
    }
  })
}
