// What the program is started with. What a test says goes over the plain configuration, member by member.
export interface Config {
    [name: string]: unknown;
}

export const bootstrapKey = 'bootstrap-key-of-the-tests-0123456789';

/** One scripted model, no titles, everybody is the local user. */
export function plain(store: string): Config {
    return {
        server: { host: '127.0.0.1', port: 0, shutdown_grace: '100ms' },
        store: { path: store },
        models: [{ name: 'scripted', kind: 'scripted', parallel: 4 }],
        titles: { mode: 'off' },
        log: { level: 'info', format: 'json', requests: 'all' },
    };
}

/** The server wants keys; the first administrator's is `bootstrapKey`. */
export const withKeys: Config = { auth: { mode: 'api_key' } };

/** One reply is written at a time, so that a second one waits. */
export const oneAtATime: Config = { models: [{ name: 'scripted', kind: 'scripted', parallel: 1 }] };

/** A model of another server, which the test answers for, and beside it the scripted one. */
export function over(upstream: string, more: Config = {}): Config {
    return merged(
        {
            upstreams: [{ name: 'other', base_url: upstream, proxy: 'none' }],
            models: [
                { name: 'remote', kind: 'upstream', upstream: 'other', price_input: 1, price_output: 4 },
                { name: 'scripted', kind: 'scripted' },
            ],
        },
        more,
    );
}

/** A route whose first target nobody serves. */
export const failingOver: Config = {
    upstreams: [{ name: 'gone', base_url: 'http://127.0.0.1:9/v1', proxy: 'none' }],
    models: [
        { name: 'assistant', kind: 'route', targets: ['first', 'second'] },
        { name: 'first', kind: 'upstream', upstream: 'gone' },
        { name: 'second', kind: 'scripted' },
    ],
};

function isMap(value: unknown): value is Config {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function merged(base: Config, over: Config): Config {
    const result = { ...base };
    for (const [name, value] of Object.entries(over)) {
        const old = result[name];
        result[name] = isMap(old) && isMap(value) ? merged(old, value) : value;
    }
    return result;
}
