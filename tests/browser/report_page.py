#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Opens the page of `ringbench report RUN --html` in headless Chromium.

usage: report_page.py PROGRAM [--shots DIR] [RUN...]

Debian has selenium for its own Python, /usr/bin/python3.

Copies each RUN (results/sweep and results/reference), writes its page, and opens
the page at three widths, in light and in dark mode. A fault is
  overflow   the page is wider than the screen
  picture    an SVG without a size or without content, or no SVG
  link       an anchor without a target, or a relative file that does not exist
  contrast   a text with a contrast below 4.5:1 (WCAG AA)
  network    the page loads something
  dark       a bright page or picture in dark mode
Then prints the page, with every cell open, and with dark mode. A fault is
  paper      text or a picture outside of the paper, a picture higher than a
             page, a word of a table in two parts, or a dark background
  pdf        a word of the page that the PDF does not have
Then breaks a copy of the page in each of these ways and expects the fault.
--shots keeps a screenshot of each width and mode, and the PDF. Needs `make
deps-browser`.
"""
import argparse
import base64
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
MODES = ("light", "dark")
MILLIMETRE = 96 / 25.4  # in CSS pixels
PAPER = (210, 297)  # A4, in mm
MARGIN = 10
REPO = Path(__file__).resolve().parents[2]

# JavaScript: returns the faults of the open page, as [kind, text].
FAULTS = r"""
const [width] = arguments, faults = [];
const add = (kind, text) => faults.push([kind, text.slice(0, 120)]);
document.querySelectorAll('details').forEach(each => each.open = true);

const wide = document.documentElement.scrollWidth;
if (wide > width)
	add('overflow', `${wide} px on a screen of ${width} px`);

const pictures = [...document.querySelectorAll('svg:not(.slice)')];
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
// The colour after the filter of the picture: CSS's invert() and hue-rotate().
const filtered = (colour, svg) => {
	const filter = getComputedStyle(svg).filter;
	const invert = Number((filter.match(/invert\(([\d.]+)\)/) || [0, 0])[1]);
	const turn = /hue-rotate\(180deg\)/.test(filter);
	if (filter !== 'none' && !(invert && turn))
		add('contrast', `unknown filter: ${filter}`);
	if (!invert)
		return colour;
	const [r, g, b] = parts(colour).map(value =>
		255 * (invert + value / 255 * (1 - 2 * invert)));
	const grey = 2 * (0.213 * r + 0.715 * g + 0.072 * b);
	return `rgb(${[r, g, b].map(value =>
		Math.min(255, Math.max(0, grey - value))).join(', ')})`;
};
const background = element => {
	for (; element; element = element.parentElement) {
		const colour = getComputedStyle(element).backgroundColor;
		if (parts(colour)[3] > 0)
			return element.matches('svg')
				? filtered(colour, element) : colour;
	}
	return 'rgb(255, 255, 255)';
};
if (matchMedia('(prefers-color-scheme: dark)').matches)
	for (const element of [document.body, ...pictures])
		if (luminance(background(element)) > 0.1)
			add('dark', `bright background: ${element.tagName}`);
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
	return found.length ? filtered(found.at(-1)[1], text.closest('svg'))
		: background(text);
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
	const visible = element.getBoundingClientRect();
	if (!(visible.width > 0 && visible.height > 0))
		continue;
	const colour = drawn ? filtered(style.fill, drawn) : style.color;
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

# JavaScript: returns the faults on paper, of the page as it is printed, and the
# words of the page. The screen is as wide as the paper without its margins.
FAULTS_ON_PAPER = r"""
const [width, height] = arguments, faults = [];
const add = (text) => faults.push(['paper', text.slice(0, 120)]);
const shown = element => element.checkVisibility() && !element.closest('.tall');

for (const element of document.querySelectorAll('th, td, p, svg, summary')) {
	const box = element.getBoundingClientRect();
	if (shown(element) && (box.left < -1 || box.right > width + 1))
		add(`outside: ${element.textContent.trim()}`);
}
for (const svg of document.querySelectorAll('svg'))
	if (shown(svg) && svg.getBoundingClientRect().height > height)
		add('higher than a page: ' + svg.getAttribute('aria-label'));
const colour = getComputedStyle(document.body).backgroundColor;
if (!/^rgb\(255, 255, 255\)$|, 0\)$/.test(colour))
	add(`background: ${colour}`);
for (const svg of document.querySelectorAll('svg'))
	if (getComputedStyle(svg).filter !== 'none')
		add('inverted: ' + svg.getAttribute('aria-label'));

const words = new Set();
const texts = document.createTreeWalker(document.querySelector('main'),
	NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
	const text = texts.currentNode, element = text.parentElement;
	if (!shown(element) || element.closest('svg'))
		continue;
	for (const {0: word, index} of text.data.matchAll(/\S+/g)) {
		const range = document.createRange();
		range.setStart(text, index);
		range.setEnd(text, index + word.length);
		const lines = new Set([...range.getClientRects()]
			.map(box => box.top)).size;
		if (lines <= 1)
			words.add(word);
		else if (element.closest('table') && !/[-/=]/.test(word))
			add(`in two parts: ${word}`);
	}
}
return [faults, [...words]];
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
    ("contrast", "--ink:#e6e6e6", "--ink:#555"),
    ("contrast", "invert(.93)", "sepia(.93)"),
    ("dark", "--page:#121212", "--page:#eee"),
    ("dark", "svg{filter:", "svg{opacity:1;x-filter:"),
    ("paper", "</main>", '<table style="width:60rem"><td>wide</table></main>'),
    ("paper", "svg{max-width:100%;max-height:23cm}", "svg{min-height:40cm}"),
    ("paper", "</main>", '<table style="width:2rem"><td style="overflow-wrap:'
     'anywhere">ck_fifo_mpmc</table></main>'),
    ("paper", "@media screen and", "@media"),
    ("pdf", "</main>", '<p style="position:absolute;left:80rem;top:2px">'
     "outside</p></main>"),
)


def start():
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu",
                 "--hide-scrollbars", "--disable-dev-shm-usage"):
        options.add_argument(word)
    return webdriver.Chrome(options=options)


def open_page(browser, page, width, media, mode):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1,
        "mobile": width < 700})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "media": media,
        "features": [{"name": "prefers-color-scheme", "value": mode}]})
    browser.get(page.as_uri())


def faults_of(browser, page, width, mode="light", shots=None):
    """Returns the faults of the page at this width, as (kind, text)."""
    open_page(browser, page, width, "screen", mode)
    if shots:
        browser.save_screenshot(
            str(shots / f"{page.parent.name}-{width}-{mode}.png"))
    found = [tuple(each) for each in browser.execute_script(FAULTS, width)]
    for href in browser.execute_script(
            "return [...document.querySelectorAll('a[href]')]"
            ".map(each => each.getAttribute('href'))"):
        if not href.startswith("#") and not (
                page.parent / unquote(href)).is_file():
            found.append(("link", href))
    return found


def faults_on_paper(browser, page, shots=None):
    """Prints the page, with every cell open. Returns the faults."""
    width, height = ((size - 2 * MARGIN) * MILLIMETRE for size in PAPER)
    open_page(browser, page, round(width), "print", "dark")
    browser.execute_script("document.querySelectorAll('details')"
                           ".forEach(each => each.open = true)")
    found, words = browser.execute_script(FAULTS_ON_PAPER, round(width),
                                          height)
    inches = [size / 25.4 for size in (*PAPER, MARGIN)]
    printed = browser.execute_cdp_cmd("Page.printToPDF", {
        "paperWidth": inches[0], "paperHeight": inches[1],
        **{f"margin{side}": inches[2]
           for side in ("Top", "Bottom", "Left", "Right")}})
    pdf = (shots or page.parent) / f"{page.parent.name}.pdf"
    pdf.write_bytes(base64.b64decode(printed["data"]))
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True,
                          stdout=subprocess.PIPE).stdout.decode("utf-8")
    missing = [word for word in sorted(words) if word not in text]
    return [tuple(each) for each in found] + [
        ("pdf", word) for word in missing]


def unbroken(browser, page):
    """Returns the changes of the page that no check has found."""
    text = page.read_text("utf-8")
    broken = page.with_name("broken.html")
    for kind, old, new in BREAKS:
        assert old in text, old
        broken.write_text(text.replace(old, new), "utf-8")
        found = faults_on_paper(browser, broken) if kind in (
            "paper", "pdf") else [
            fault for mode in MODES
            for fault in faults_of(browser, broken, WIDTHS[-1], mode)]
        if kind not in {each for each, _ in found}:
            yield kind, new
    broken.unlink()


def report(name, faults):
    """Prints the faults. Returns their number."""
    print(f"{name}: {len(faults)} faults")
    for kind, text in faults:
        print(f"  {kind}: {text}")
    return len(faults)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=Path)
    parser.add_argument("runs", nargs="*", type=Path,
                        default=[REPO / "results/sweep",
                                 REPO / "results/reference"])
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
            for mode in MODES:
                for width in WIDTHS:
                    bad += report(f"{run.name}, {width} px, {mode}", faults_of(
                        browser, page, width, mode, options.shots))
            bad += report(f"{run.name}, printed",
                          faults_on_paper(browser, page, options.shots))
        for kind, text in unbroken(browser, page):
            bad += 1
            print(f"not found: {kind}: {text}")
        print(f"{len(BREAKS)} broken pages tried")
    browser.quit()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
