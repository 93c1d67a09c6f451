#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Opens the page of `ringbench report RUN --html` in headless Chromium.

usage: report_page.py PROGRAM [--shots DIR] [RUN...]

Debian has selenium for its own Python, /usr/bin/python3.

Copies each RUN (results/reference), writes its page, and opens the page at
three widths. A fault is
  overflow   the page is wider than the screen
  picture    an SVG without a size or without content, or no SVG
  link       an anchor without a target, or a relative file that does not exist
  contrast   a text with a contrast below 4.5:1 (WCAG AA)
  network    the page loads something
Then breaks a copy of the page in each of these ways and expects the fault.
--shots keeps a screenshot for each width. Needs `make deps-browser`.
"""
import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

try:
    from selenium import webdriver
except ImportError:
    sys.exit("report_page.py: selenium is not installed; "
             "install it with `make deps-browser`")

WIDTHS = (360, 768, 1280)
REPO = Path(__file__).resolve().parents[2]

# JavaScript: returns the faults of the open page, as [kind, text].
FAULTS = r"""
const [width] = arguments, faults = [];
const add = (kind, text) => faults.push([kind, text.slice(0, 120)]);
document.querySelectorAll('details').forEach(each => each.open = true);

const wide = document.documentElement.scrollWidth;
if (wide > width)
	add('overflow', `${wide} px on a screen of ${width} px`);

const pictures = [...document.querySelectorAll('svg')];
if (!pictures.length)
	add('picture', 'none');
for (const svg of pictures) {
	const box = svg.getBoundingClientRect();
	if (!(box.width > 0 && box.height > 0))
		add('picture', `no size: ${svg.getAttribute('aria-label')}`);
	if (!svg.querySelector('path, use, circle'))
		add('picture', `no content: ${svg.getAttribute('aria-label')}`);
	if (!svg.getAttribute('aria-label'))
		add('picture', 'no label');
}

for (const link of document.querySelectorAll('a[href^="#"]'))
	if (!document.getElementById(link.getAttribute('href').slice(1)))
		add('link', link.getAttribute('href'));
const ids = [...document.querySelectorAll('[id]')].map(each => each.id);
for (const id of ids.filter((each, i) => ids.indexOf(each) < i))
	add('link', `two elements are called ${id}`);

const loaded = performance.getEntriesByType('resource');
if (loaded.length)
	add('network', loaded[0].name);

const parts = colour => {
	const found = colour.match(/[\d.]+/g);
	if (!found)
		return [0, 0, 0, 0];
	const [r, g, b, a = 1] = found.map(Number);
	return [r, g, b, a];
};
const luminance = colour => {
	const [r, g, b] = parts(colour).map(value => {
		value /= 255;
		return value <= 0.04045 ? value / 12.92
			: ((value + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const background = element => {
	for (; element; element = element.parentElement) {
		const colour = getComputedStyle(element).backgroundColor;
		if (parts(colour)[3] > 0)
			return colour;
	}
	return 'rgb(255, 255, 255)';
};
// The last filled area below the middle of a text of a picture.
const areas = new Map();
const areas_of = svg => {
	if (!areas.has(svg))
		areas.set(svg, [...svg.querySelectorAll('rect, polygon, path')]
			.map(each => [each, getComputedStyle(each).fill,
				each.getBoundingClientRect()])
			.filter(([, fill]) => parts(fill)[3] > 0));
	return areas.get(svg);
};
const below = text => {
	const box = text.getBoundingClientRect();
	const x = box.left + box.width / 2, y = box.top + box.height / 2;
	const found = areas_of(text.closest('svg')).filter(
		([area, , {left, right, top, bottom}]) =>
		left <= x && x <= right && top <= y && y <= bottom &&
		area.compareDocumentPosition(text) &
			Node.DOCUMENT_POSITION_FOLLOWING);
	return found.length ? found.at(-1)[1] : background(text);
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = new Set();
while (texts.nextNode()) {
	const element = texts.currentNode.parentElement;
	if (!texts.currentNode.data.trim() ||
	    element.closest('title, desc, style, script'))
		continue;
	const style = getComputedStyle(element);
	const drawn = element.closest('svg');
	const colour = drawn ? style.fill : style.color;
	const [a, b] = [colour, drawn ? below(element) : background(element)]
		.map(luminance);
	const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	if (parts(colour)[3] > 0 && contrast < 4.5 && !seen.has(colour)) {
		seen.add(colour);
		add('contrast', `${contrast.toFixed(2)}:1, ${colour}: ` +
			texts.currentNode.data.trim());
	}
}
return faults;
"""

# For each check, a change of the page that the check must find: the kind of
# fault, the text to replace, and the new text.
BREAKS = (
    ("overflow", "</main>", '<div style="width:1400px">wide</div></main>'),
    ("picture", "<svg ", '<svg style="display:none" '),
    ("picture", "</main>", '<svg width="9" height="9" aria-label="x"></svg>'
     "</main>"),
    ("link", "</main>", '<a href="#nowhere">x</a></main>'),
    ("link", "</main>", '<a href="nowhere.csv">x</a></main>'),
    ("contrast", "</main>", '<p style="color:#888">grey</p></main>'),
    ("contrast", "</main>", '<svg width="9" height="9" aria-label="x">'
     '<text fill="#999">grey</text><path d="M0 0"/></svg></main>'),
    ("contrast", "</main>", '<svg width="90" height="90" aria-label="x">'
     '<rect width="90" height="90" fill="#555"/>'
     '<text y="40">black</text><path d="M0 0"/></svg></main>'),
)


def start():
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu",
                 "--hide-scrollbars", "--disable-dev-shm-usage"):
        options.add_argument(word)
    return webdriver.Chrome(options=options)


def faults_of(browser, page, width, shots=None):
    """Returns the faults of the page at this width, as (kind, text)."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1,
        "mobile": width < 700})
    browser.get(page.as_uri())
    if shots:
        browser.save_screenshot(str(shots / f"{page.parent.name}-{width}.png"))
    found = [tuple(each) for each in browser.execute_script(FAULTS, width)]
    for href in browser.execute_script(
            "return [...document.querySelectorAll('a[href]')]"
            ".map(each => each.getAttribute('href'))"):
        if not href.startswith("#") and not (
                page.parent / unquote(href)).is_file():
            found.append(("link", href))
    return found


def unbroken(browser, page):
    """Returns the changes of the page that no check has found."""
    text = page.read_text("utf-8")
    broken = page.with_name("broken.html")
    for kind, old, new in BREAKS:
        assert old in text, old
        broken.write_text(text.replace(old, new), "utf-8")
        if kind not in {each for each, _ in
                        faults_of(browser, broken, WIDTHS[-1])}:
            yield kind, new
    broken.unlink()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=Path)
    parser.add_argument("runs", nargs="*", type=Path,
                        default=[REPO / "results/reference"])
    parser.add_argument("--shots", type=Path)
    options = parser.parse_intermixed_args()
    bad = 0
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
    browser = start()
    with tempfile.TemporaryDirectory(prefix="ringbench-page-") as folder:
        for run in options.runs:
            copy = shutil.copytree(run, Path(folder) / run.resolve().name)
            subprocess.run([options.program, "report", copy, "--html"],
                           check=True, stdout=subprocess.DEVNULL)
            page = copy / "report.html"
            for width in WIDTHS:
                faults = faults_of(browser, page, width, options.shots)
                bad += len(faults)
                print(f"{run.name}, {width} px: {len(faults)} faults")
                for kind, text in faults:
                    print(f"  {kind}: {text}")
        for kind, text in unbroken(browser, page):
            bad += 1
            print(f"not found: {kind}: {text}")
        print(f"{len(BREAKS)} broken pages tried")
    browser.quit()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
