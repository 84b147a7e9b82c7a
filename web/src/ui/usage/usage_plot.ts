// Stacked bars by day, drawn by uPlot on a canvas. Comes with uPlot when somebody looks at the usage.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import { stacked, timeOf, type UsageSeries } from './usage_series';

export interface PlotTexts {
    day: (seconds: number) => string;
    amount: (value: number) => string;
}

const height = 240;

export class UsagePlot {
    private plot: uPlot | null = null;
    private readonly watcher: ResizeObserver;

    /** `onDay` is told over which day the pointer is, by its place; null: over none. */
    constructor(
        private readonly place: HTMLElement,
        private readonly texts: PlotTexts,
        private readonly onDay: (index: number | null) => void,
    ) {
        this.watcher = new ResizeObserver(() =>
            this.plot?.setSize({ width: this.place.clientWidth, height }),
        );
        this.watcher.observe(place);
    }

    /** Draws anew, also when the colours have changed. */
    show(data: UsageSeries): void {
        this.plot?.destroy();
        // The highest bar is drawn first, so that each lower one covers its foot.
        const layers = stacked(data.series)
            .map((values, index) => ({ values, colour: this.colour(`--series-${index + 1}`) }))
            .reverse();
        const days = data.days.map((day) => timeOf(day) / 1000);
        this.plot = new uPlot(
            this.options(layers.map((layer) => layer.colour)),
            [days, ...layers.map((layer) => layer.values)],
            this.place,
        );
    }

    close(): void {
        this.watcher.disconnect();
        this.plot?.destroy();
    }

    private options(colours: string[]): uPlot.Options {
        const axis: uPlot.Axis = {
            stroke: this.colour('--text-muted'),
            grid: { stroke: this.colour('--border'), width: 1 },
            ticks: { stroke: this.colour('--border'), width: 1 },
            font: `12px ${this.colour('--font-ui')}`,
        };
        const bars = uPlot.paths.bars?.({ size: [0.7, 48] });
        return {
            width: this.place.clientWidth,
            height,
            tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
            legend: { show: false }, // a list in the page says the same and can be read aloud
            cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { show: false } },
            hooks: { setCursor: [(plot) => this.onDay(plot.cursor.idx ?? null)] },
            scales: {
                x: { range: (_, first, last) => [first - 43_200, last + 43_200] },
                y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] },
            },
            series: [
                {},
                ...colours.map((colour): uPlot.Series => ({
                    fill: colour,
                    stroke: colour,
                    width: 0,
                    points: { show: false },
                    ...(bars ? { paths: bars } : {}),
                })),
            ],
            axes: [
                {
                    ...axis,
                    grid: { show: false },
                    size: 34,
                    space: 70,
                    incrs: [1, 2, 7, 14, 28, 56, 112].map((days) => days * 86_400),
                    values: (_, splits) => splits.map(this.texts.day),
                },
                { ...axis, size: 64, values: (_, splits) => splits.map(this.texts.amount) },
            ],
        };
    }

    private colour(name: string): string {
        return getComputedStyle(this.place).getPropertyValue(name).trim();
    }
}
