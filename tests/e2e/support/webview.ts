import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';

/** A page of Goya's inside VS Code: VS Code wraps it in two frames. */
export class Webview {
  readonly frame: FrameLocator;

  constructor(page: Page) {
    this.frame = page
      .locator('iframe.webview.ready:visible')
      .last()
      .contentFrame()
      .locator('#active-frame')
      .contentFrame();
  }

  /** The page's own frame, in which scripts can be evaluated. */
  async own(): Promise<Frame> {
    const body = await this.locator('body').elementHandle();
    const frame = await body.ownerFrame();
    if (frame === null) throw new Error('the webview has no frame');
    return frame;
  }

  locator(selector: string): Locator {
    return this.frame.locator(selector);
  }

  text(text: string | RegExp): Locator {
    return this.frame.getByText(text).first();
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name });
  }
}
