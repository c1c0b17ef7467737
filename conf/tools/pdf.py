"""What `nox -s pdf` runs: the built site becomes one PDF that is read like a chapter.

The pages are joined in reading order behind a title page and the table of contents, and Chromium
prints them with the style that any page is printed with. It prints twice: the first print says on
which sheet every place lies, and the second shows that in the contents and the index.
"""

import io
import re
from pathlib import Path

from chromium import chromium
from pikepdf import ObjectStreamMode, Pdf
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "html"
PDF = ROOT / "build" / "backpropagation.pdf"
STYLE = Path(__file__).with_name("pdf.css")

CHAPTER = """name => {
const article = document.querySelector("article");
article.id = name;
article.querySelectorAll(".headerlink, .downloads, .genindex-jumpbox").forEach(e => e.remove());
for (const e of article.querySelectorAll("[id]")) e.id = `${name}--${e.id}`;
for (const a of article.querySelectorAll("a[href]")) {
  const [, page, place] = a.getAttribute("href").match(/^(?:([\\w-]+)\\.html)?(?:#(.+))?$/) ?? [];
  if (page || place) a.setAttribute("href", "#" + (page ?? name) + (place ? "--" + place : ""));
  else if (!/^https?:/.test(a.href)) a.removeAttribute("href");  // a file beside the page
}
const answers = document.createElement("section");
for (const task of article.querySelectorAll(":is(.exercise, .self-check, .puzzle):has(details)")) {
  const answer = task.cloneNode(true);
  answer.removeAttribute("id");
  [...answer.children].slice(1).filter(e => e.tagName != "DETAILS").forEach(e => e.remove());
  answers.append(answer);
  // Of a question the answers to choose from stay, of other tasks nothing that gives them away.
  const choice = task.matches(".self-check");
  task.querySelectorAll(choice ? "summary ~ *" : "details").forEach(e => e.remove());
}
if (answers.firstChild) {
  const title = article.querySelector("h1").textContent;
  answers.id = `answers--${name}`;
  answers.insertAdjacentHTML("afterbegin", `<h2>${title}</h2>`);
  const last = [...article.querySelectorAll(".exercise, .self-check, .puzzles")].at(-1);
  const way = `<p><a class="sheet" href="#${answers.id}">The answers are on page</a></p>`;
  last.insertAdjacentHTML("afterend", way);
}
return [article.outerHTML, answers.firstChild ? answers.outerHTML : ""];
}"""
"""A page's text as a chapter, and its answers, which stand at the end of the book.

Its ids bear its name, and its links lead into the book.
"""

CONTENTS = """() => {
const tree = document.querySelector(".sidebar-tree");
tree.querySelectorAll("input, label").forEach(e => e.remove());
const line = (page, title) => `<ul><li><a href="${page}.html">${title}</a></li></ul>`;
tree.insertAdjacentHTML("afterbegin", line("index", document.querySelector("h1").firstChild.data));
tree.insertAdjacentHTML("beforeend", line("answers", "Answers") + line("genindex", "Index"));
for (const a of tree.querySelectorAll("a")) {
  a.setAttribute("href", "#" + a.getAttribute("href").replace(".html", ""));
  a.classList.add("sheet");
}
return tree.innerHTML;
}"""
"""The list of all pages beside every page, as a table of contents."""

TITLE = """() => {
const description = document.querySelector("meta[name=description]").content;
const version = document.querySelector(".copyright").textContent;
return `<p class="title">${document.title}</p><p>${description}</p><p>${version}</p>`;
}"""

LINKS = """() => [...document.querySelectorAll("a[href^='#']")].map(a => a.getAttribute("href"))"""

NUMBER = """sheets => {
for (const a of document.querySelectorAll(".sheet, #genindex a"))
  a.dataset.sheet = sheets[a.getAttribute("href")];
}"""


def open_page(page: Page, name: str) -> None:
    """Show a page of the site."""
    page.goto((SITE / f"{name}.html").as_uri())


def bind(page: Page) -> None:
    """Show the whole site as one page."""
    open_page(page, "index")
    title, contents = page.evaluate(TITLE), page.evaluate(CONTENTS)
    chapters, answers = {}, ""
    for name in re.findall(r'href="#([\w-]+)"', contents):
        if name == "answers":
            chapters[name] = f'<article id="answers"><h1>Answers</h1>{answers}</article>'
            continue
        open_page(page, name)
        chapters[name], more = page.evaluate(CHAPTER, name)
        answers += more
    style = f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
    front = f"{style}<header>{title}</header><nav><h1>Contents</h1>{contents}</nav>"
    open_page(page, "index")
    whole = front + "".join(chapters.values())
    page.evaluate("html => { document.body.innerHTML = html; }", whole)


def printed(page: Page) -> Pdf:
    """What is shown, as a PDF with tags for screen readers and an outline."""
    data = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    return Pdf.open(io.BytesIO(data))


def sheets(pdf: Pdf) -> dict[str, int]:
    """On which sheet each place lies that a link leads to."""
    numbers = {sheet.obj.objgen: n for n, sheet in enumerate(pdf.pages, 1)}
    places = pdf.Root.Dests.items()
    return {"#" + name.removeprefix("/"): numbers[place[0].objgen] for name, place in places}


def book(page: Page) -> Pdf:
    """The whole site as a PDF, with the sheet of every place in its contents and index."""
    bind(page)
    places = sheets(printed(page))
    lost = sorted(set(page.evaluate(LINKS)) - places.keys())
    if lost:
        raise LookupError(f"links that lead nowhere in the PDF: {', '.join(lost)}")
    page.evaluate(NUMBER, places)
    return printed(page)


def main() -> None:
    """Print the site."""
    # Without scripts every what-if shows its picture.
    with chromium() as browser:
        pdf = book(browser.new_page(java_script_enabled=False))
    pdf.save(PDF, object_stream_mode=ObjectStreamMode.generate)
    print(PDF.relative_to(ROOT))


if __name__ == "__main__":
    main()
