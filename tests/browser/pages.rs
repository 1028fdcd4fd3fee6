//! Properties of the pages of all examples.

use super::chromium::Chromium;
use crate::{program::example, served::Served};

/// Returns the resources that a page has loaded from other servers.
const FOREIGN: &str = "return performance.getEntriesByType('resource').map((entry) => entry.name)
    .filter((name) => !name.startsWith(location.origin + '/') && !name.startsWith('data:'))";

/// Returns the texts whose contrast with their background is below 4.5, the level AA of WCAG.
const FAINT: &str = r"
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const pixel = (colors) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
        return canvas.getImageData(0, 0, 1, 1).data;
    };
    const luminance = (data) => {
        const part = (i) => { const c = data[i] / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
        return 0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2);
    };
    const faint = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.closest('script, svg, :disabled')) continue;
        const backgrounds = [];
        for (let e = element; e; e = e.parentElement) backgrounds.unshift(getComputedStyle(e).backgroundColor);
        const back = luminance(pixel(backgrounds));
        const front = luminance(pixel([...backgrounds, getComputedStyle(element).color]));
        const contrast = (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
        if (contrast < 4.5) faint.push(`${texts.currentNode.data.trim()} (${contrast.toFixed(2)})`);
    }
    return faint;";

/// Returns the fields and buttons without a text for screen readers.
const NAMELESS: &str = "return [...document.querySelectorAll('button, input, [role=log]')].filter((e) =>
    !(e.textContent.trim() || e.ariaLabel || e.getAttribute('aria-labelledby') || e.labels?.length)).map((e) => e.outerHTML)";

async fn assert_is_fit(chromium: &Chromium, name: &str) {
    assert_eq!(chromium.eval::<Vec<String>>(FOREIGN).await, Vec::<String>::new(), "{name}");
    assert_eq!(chromium.eval::<Vec<String>>(NAMELESS).await, Vec::<String>::new(), "{name}");
    let mut brightness = Vec::new();
    for theme in ["light", "dark"] {
        chromium.theme(theme).await;
        assert_eq!(chromium.eval::<Vec<String>>(FAINT).await, Vec::<String>::new(), "{name}, {theme}");
        // The sum of red, green and blue of the background.
        let sum =
            "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).reduce((sum, v) => sum + +v, 0)";
        brightness.push(chromium.eval::<u32>(sum).await);
    }
    assert!(brightness[0] > 600 && brightness[1] < 150, "{name}: {brightness:?}");
    for (width, height) in [(360, 740), (768, 1024), (1280, 900)] {
        chromium.screen(width, height).await;
        let fits = "return document.documentElement.scrollWidth <= innerWidth";
        assert!(chromium.eval::<bool>(fits).await, "{name} is wider than {width} pixels");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_readable_in_light_and_dark_and_on_a_phone_and_load_nothing_from_elsewhere() {
    let ticker = Served::start(&example("ticker"), &["--speed", "1000"]);
    let chromium = Chromium::open(&ticker.url("/")).await;
    chromium.until_state("closed").await;
    assert_is_fit(&chromium, "ticker").await;

    let scores = Served::start(&example("scores"), &["--speed", "1000"]);
    chromium.page.goto(&scores.url("/")).await.unwrap();
    chromium.until_state("closed").await;
    // A goal marks the score for a while.
    chromium.until_true("document.getAnimations().length === 0").await;
    assert_is_fit(&chromium, "scores").await;

    let social = Served::start(&example("social"), &[]);
    chromium.page.goto(&social.url("/")).await.unwrap();
    chromium.until_true("!document.getElementById('enter').hidden").await;
    assert_is_fit(&chromium, "social, signed out").await;
    chromium.eval::<()>("document.querySelector('#enter button').click()").await;
    chromium.until_state("live").await;
    assert_is_fit(&chromium, "social").await;
}
