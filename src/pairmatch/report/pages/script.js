"use strict";
// Search, sorting and opening of the table of pairs. Without it the page shows everything all the same.
(() => {
  const table = document.getElementById("pair-table");
  if (!table) return;
  document.documentElement.classList.add("js");
  const bodies = Array.from(table.tBodies);
  const field = document.getElementById("find");
  const status = document.getElementById("found");
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  // Who else would suit is left out: who looks for a person looks for that person's pairs.
  const told = (body) => `${body.rows[0].textContent} ${body.querySelector(".reasons").textContent}`;
  const texts = new Map(bodies.map((body) => [body, fold(told(body))]));

  // Reasons: a button for each pair in place of the summary in the row below it.
  const toggle = (button, open) => {
    const row = document.getElementById(button.getAttribute("aria-controls"));
    button.setAttribute("aria-expanded", String(open));
    row.hidden = !open;
    row.classList.toggle("open", open);
  };
  const buttons = Array.from(table.querySelectorAll("button.toggle"));
  for (const button of buttons) {
    button.hidden = false;
    const row = document.getElementById(button.getAttribute("aria-controls"));
    row.querySelector("details").open = true;
    toggle(button, false);
    button.addEventListener("click", () => toggle(button, button.getAttribute("aria-expanded") !== "true"));
  }
  const all = document.getElementById("all");
  all.hidden = buttons.length === 0;
  all.addEventListener("click", () => {
    const open = all.getAttribute("aria-pressed") !== "true";
    all.setAttribute("aria-pressed", String(open));
    for (const button of buttons) toggle(button, open);
  });

  // Search: every word must stand somewhere in the pair.
  const search = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const body of bodies) {
      const text = texts.get(body);
      body.hidden = !words.every((word) => text.includes(word));
      shown += body.hidden ? 0 : 1;
    }
    status.textContent = `${shown} of ${bodies.length} pairs shown`;
  };
  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      field.value = "";
      search();
    }
  });

  // Sorting: a button in each head that says by what; pairs that are equal stay in the order they are in.
  const heads = Array.from(table.tHead.rows[0].cells).filter((head) => head.dataset.sort);
  const column = (head) => Array.from(head.parentNode.cells).indexOf(head);
  const sort = (head, descending) => {
    const place = Number(head.dataset.cell ?? column(head));
    const key = (body) => body.rows[0].cells[place].textContent.trim();
    const compare =
      head.dataset.sort === "number"
        ? (a, b) => parseFloat(key(a)) - parseFloat(key(b))
        : (a, b) => order.compare(key(a), key(b));
    bodies.sort((a, b) => (descending ? -compare(a, b) : compare(a, b)));
    table.append(...bodies);
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
  };
  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    head.dataset.label = head.textContent; // what is printed: a button in a head is not repeated on each sheet
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      const descending = now ? now === "ascending" : head.dataset.sort === "number";
      sort(head, descending);
      status.textContent = `sorted by ${button.textContent.trim().toLowerCase()}, ${descending ? "descending" : "ascending"}`;
    });
  }
  const first = heads.find((head) => head.dataset.sort === "number");
  if (first) first.setAttribute("aria-sort", "descending");

  for (const tool of document.querySelectorAll(".tools")) tool.hidden = false;
})();
