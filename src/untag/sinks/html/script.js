// Filters, search, pages of the list. Without this script everything stands on the page as it is.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const list = $("list");
  const form = $("filters");
  if (!list || !form) return;

  const all = Array.from(list.children);
  const keys = all.map((item) => item.dataset.k.split(" ").map(Number));
  const NAMES = ["attribute", "operation", "action", "confidence", "language", "report"];
  const selects = NAMES.map((name) => $("by-" + name));
  const search = $("q");
  const order = $("order");
  const within = $("within");
  const count = $("count");
  const number = new Intl.NumberFormat("en");
  const ranks = { action: (n) => keys[n][2], confidence: (n) => keys[n][3] };
  let range = null; // findings below a node of the tree, as first and last + 1
  let shown = all.map((_, n) => n);
  let size = 50;
  let page = 0;
  let printing = false;

  const fold = (text) => text.normalize("NFKC").toLowerCase();
  // gathered at once, so that the first search answers as quickly as the next
  const texts = all.map((item) => fold(item.textContent));

  const matches = () => {
    const wanted = selects.map((select) => (select && select.value !== "" ? Number(select.value) : -1));
    const asked = wanted.map((value, column) => [column, value]).filter(([, value]) => value >= 0);
    const words = fold(search.value).split(/\s+/u).filter(Boolean);
    const [first, last] = range ?? [0, all.length];
    const found = [];
    for (let n = first; n < last; n++) {
      if (!asked.every(([column, value]) => keys[n][column] === value)) continue;
      if (words.length && !words.every((word) => texts[n].includes(word))) continue;
      found.push(n);
    }
    const rank = ranks[order.value];
    return rank ? found.sort((a, b) => rank(a) - rank(b) || a - b) : found;
  };

  const draw = () => {
    const whole = printing || size === 0;
    const pages = whole ? 1 : Math.max(1, Math.ceil(shown.length / size));
    page = Math.min(page, pages - 1);
    const first = whole ? 0 : page * size;
    const last = whole ? shown.length : Math.min(shown.length, first + size);
    list.replaceChildren(...shown.slice(first, last).map((n) => all[n]));
    const of = shown.length === all.length ? "" : ` of ${number.format(all.length)}`;
    const part = last - first === shown.length ? "" : `, ${number.format(first + 1)} to ${number.format(last)} shown`;
    count.textContent = `${number.format(shown.length)}${of} finding${all.length === 1 ? "" : "s"}${part}`;
    for (const pager of pagers) pager.update(pages);
  };

  const apply = () => {
    shown = matches();
    page = 0;
    draw();
  };

  const make = (tag, text, set = {}) => Object.assign(document.createElement(tag), { textContent: text }, set);
  const pagerIn = (box, label) => {
    box.setAttribute("role", "navigation");
    box.setAttribute("aria-label", label);
    const turn = (by) => (event) => {
      if (event.currentTarget.getAttribute("aria-disabled") === "true") return;
      page += by;
      draw();
      if (box.id === "pager-end") $("count").scrollIntoView();
    };
    const back = make("button", "Previous", { type: "button", onclick: turn(-1) });
    const next = make("button", "Next", { type: "button", onclick: turn(1) });
    const place = make("span", "");
    const many = make("select", "");
    for (const [value, text] of [["50", "50 a page"], ["200", "200 a page"], ["0", "all on one page"]]) {
      many.append(make("option", text, { value }));
    }
    many.setAttribute("aria-label", "Findings on a page");
    many.onchange = () => {
      size = Number(many.value);
      page = 0;
      draw();
    };
    box.append(back, place, next, many);
    return {
      update(pages) {
        place.textContent = `Page ${number.format(page + 1)} of ${number.format(pages)}`;
        back.setAttribute("aria-disabled", String(page === 0));
        next.setAttribute("aria-disabled", String(page >= pages - 1));
        many.value = String(size);
        box.hidden = shown.length <= 50;
      },
    };
  };
  const pagers = [pagerIn($("pager-top"), "Pages of findings"), pagerIn($("pager-end"), "Pages of findings, below")];

  const setRange = (value, name) => {
    range = value;
    within.hidden = !value;
    $("within-name").textContent = name;
    apply();
  };

  // A link to a finding that is filtered away or stands on another page brings it back.
  const reveal = () => {
    const found = /^#f(\d+)$/.exec(location.hash);
    const n = found ? Number(found[1]) - 1 : -1;
    if (n < 0 || n >= all.length) return;
    let at = shown.indexOf(n);
    if (at < 0) {
      form.reset();
      range = null;
      within.hidden = true;
      shown = matches();
      at = shown.indexOf(n);
    }
    page = size ? Math.floor(at / size) : 0;
    draw();
    all[n].tabIndex = -1;
    all[n].scrollIntoView();
    all[n].focus({ preventScroll: true });
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  $("everything").addEventListener("click", () => {
    form.reset();
    setRange(null, "");
  });
  $("within-off").addEventListener("click", () => {
    setRange(null, "");
    search.focus();
  });
  for (const link of document.querySelectorAll("a[data-r]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const named = link.classList.contains("all") ? link.closest("details").querySelector("bdi") : link;
      setRange(link.dataset.r.split(" ").map(Number), named.textContent);
      count.scrollIntoView({ block: "center" });
    });
  }
  window.addEventListener("hashchange", reveal);

  // Print what the filters leave, all of it, with every folder of the tree and every table open.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    printing = true;
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    for (const item of opened) item.open = true;
    draw();
  });
  window.addEventListener("afterprint", () => {
    printing = false;
    for (const item of opened) item.open = false;
    draw();
  });

  form.hidden = false;
  draw();
  reveal();
})();
