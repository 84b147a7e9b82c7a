// The page's icons, drawn on a grid of 24. They are decoration: what they stand for is said in words beside them.
const paths = {
    archive: 'M4 4h16v4H4zM6 8v12h12V8M10 12h4',
    branch: 'M7 4v16M7 15c0-4 10-3 10-8M17 7V4M5 4h4M15 4h4M5 20h4',
    chart: 'M4 20h16M7 16v-4M12 16V6M17 16v-7',
    check: 'M5 12.5l4.5 4.5L19 7',
    close: 'M6 6l12 12M18 6L6 18',
    copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
    dots: 'M6 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0zM13 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0zM20 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0z',
    down: 'M12 5v14M6 13l6 6 6-6',
    info: 'M12 11v6M12 7.5h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
    key: 'M15 9a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM11 13v8M11 17h3M11 20h3',
    keyboard: 'M3 7h18v11H3zM7 11h.01M11 11h.01M15 11h.01M8 14.5h8',
    next: 'M9 5l7 7-7 7',
    pencil: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
    pin: 'M9 4h6l-.5 6 3 3v2h-11v-2l3-3zM12 15v6',
    plus: 'M12 5v14M5 12h14',
    previous: 'M15 5l-7 7 7 7',
    refresh: 'M20 5v5h-5M19.5 10a8 8 0 1 0 .3 4.5',
    search: 'M16.5 10.5a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM15 15l5 5',
    send: 'M12 19V5M6 11l6-6 6 6',
    settings:
        'M4 7h9M17 7h3M4 17h3M11 17h9M17 7a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM11 17a2 2 0 1 1-4 0 2 2 0 0 1 4 0z',
    sidebar: 'M4 5h16v14H4zM9.5 5v14',
    sign_out: 'M14 4h5v16h-5M4 12h10M10 8l4 4-4 4',
    stop: 'M7 7h10v10H7z',
    tool: 'M14.5 6a4 4 0 0 1 5-.5l-2.6 2.6.9 2.1 2.1.9 0-.1a4 4 0 0 1-5 3.6L9 20.5 4.5 16l5.9-5.9A4 4 0 0 1 14.5 6z',
    trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
    users: 'M13 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.5a4 4 0 0 1 0 7M17.5 14.5c2.5.5 4 2.5 4 5.5',
    warning: 'M12 4l9.5 16h-19zM12 10v4.5M12 17.5h.01',
};

export type IconName = keyof typeof paths;

/** Icons that point in the direction of reading are mirrored where it goes from right to left. */
const directed: ReadonlySet<IconName> = new Set(['next', 'previous', 'sidebar', 'sign_out']);

export function Icon({ name }: { name: IconName }) {
    return (
        <svg
            class={directed.has(name) ? 'icon icon-directed' : 'icon'}
            viewBox="0 0 24 24"
            aria-hidden="true"
        >
            <path d={paths[name]} />
        </svg>
    );
}
