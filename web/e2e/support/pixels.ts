// What is painted in a part of the page.
import type { Page } from '@playwright/test';

export interface Box {
    x: number;
    y: number;
    width: number;
    height: number;
}

/** Whether nothing but the ground is to be seen there. */
export async function isBlank(page: Page, box: Box): Promise<boolean> {
    const picture = await page.screenshot({ clip: box });
    return page.evaluate(
        async (address) => {
            const image = new Image();
            image.src = address;
            await image.decode();
            const canvas = document.createElement('canvas');
            canvas.width = image.width;
            canvas.height = image.height;
            const painter = canvas.getContext('2d');
            if (painter === null) throw new Error('no canvas');
            painter.drawImage(image, 0, 0);
            const pixels = new Uint32Array(painter.getImageData(0, 0, image.width, image.height).data.buffer);
            return pixels.every((pixel) => pixel === pixels[0]);
        },
        `data:image/png;base64,${picture.toString('base64')}`,
    );
}
