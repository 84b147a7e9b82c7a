// The environment that a browser gives.
import type { Channel, Clock, Environment, Page, PageEvent } from './environment';

export function browserEnvironment(): Environment {
    return {
        fetch: (address, init) => fetch(address, init),
        clock: browserClock,
        page: browserPage,
        local: storageOrNull(() => localStorage),
        session: storageOrNull(() => sessionStorage),
        channel,
        random: Math.random,
        newKey,
    };
}

const browserClock: Clock = {
    now: () => Date.now(),
    after(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
    },
    beforeFrame(run) {
        const frame = requestAnimationFrame(run);
        return () => cancelAnimationFrame(frame);
    },
};

const browserPage: Page = {
    hash: () => location.hash,
    setHash(hash, how) {
        if (how === 'push') location.hash = hash;
        else history.replaceState(history.state, '', hash);
    },
    isHidden: () => document.hidden,
    on(event, run) {
        switch (event) {
            case 'shown':
                return listen(document, 'visibilitychange', () => document.hidden || run());
            case 'hidden':
                return listen(document, 'visibilitychange', () => !document.hidden || run());
            case 'restored':
                return listen(window, 'pageshow', (shown) => {
                    if (shown instanceof PageTransitionEvent && shown.persisted) run();
                });
            default:
                return listen(window, windowEvents[event], run);
        }
    },
    onStored(run) {
        return listen(window, 'storage', (event) => {
            if (!(event instanceof StorageEvent) || event.storageArea !== storageOrNull(() => localStorage))
                return;
            if (event.key !== null) run(event.key, event.newValue);
        });
    },
};

const windowEvents: Record<Exclude<PageEvent, 'shown' | 'hidden' | 'restored'>, string> = {
    online: 'online',
    focus: 'focus',
    leaving: 'pagehide',
    address: 'hashchange',
};

function listen(target: EventTarget, event: string, run: (event: Event) => void): () => void {
    target.addEventListener(event, run);
    return () => target.removeEventListener(event, run);
}

function channel(name: string, hear: (message: unknown) => void): Channel {
    const opened = new BroadcastChannel(name);
    opened.onmessage = (event) => hear(event.data);
    return {
        post: (message) => opened.postMessage(message),
        close: () => opened.close(),
    };
}

/** Asking alone may throw where the browser keeps nothing. */
function storageOrNull(ask: () => Storage): Storage | null {
    try {
        return ask();
    } catch {
        return null;
    }
}

/** `crypto.randomUUID` is there in secure contexts alone; a server in the home network is often asked without TLS. */
function newKey(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
