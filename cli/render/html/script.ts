/**
 * What a page does beyond links: two views, one pair shown at a time beside the matrix, arrow keys in the grid. Without it everything is on the page
 * and reachable. It holds nothing of the program: it reads the page and never makes markup.
 */
export const SCRIPT = `
(() => {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const target = () => {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  };

  const showView = (view) => {
    root.dataset.view = view;
    for (const tab of document.querySelectorAll("nav [data-view]")) {
      tab.setAttribute("aria-current", String(tab.getAttribute("data-view") === view));
    }
  };

  /** The link of the matrix that leads to a pair. */
  const cellOf = (pair) => {
    const id = pair.id || pair.querySelector(".pair-body")?.id;
    return document.querySelector('.matrix a[href="#' + CSS.escape(id ?? "") + '"]');
  };

  /** Shows one pair of a contract beside its matrix. */
  const choose = (pair) => {
    const section = pair.closest(".view-conflicts");
    if (section === null) return;
    for (const other of section.querySelectorAll(".pair.chosen")) other.classList.remove("chosen");
    pair.classList.add("chosen");
    if (pair instanceof HTMLDetailsElement) pair.open = true;
    const link = cellOf(pair);
    for (const cell of section.querySelectorAll('.matrix [aria-selected="true"]')) cell.removeAttribute("aria-selected");
    // One stop for the tabulator key: within the grid the arrow keys go on.
    for (const each of section.querySelectorAll(".matrix a")) each.setAttribute("tabindex", "-1");
    if (link === null) return;
    link.setAttribute("tabindex", "0");
    link.closest("td")?.setAttribute("aria-selected", "true");
    highlight(link);
    const status = section.querySelector("[role=status]");
    const condition = pair.querySelector(".condition")?.textContent ?? "";
    if (status !== null) status.textContent = (link.getAttribute("aria-label") ?? "") + (condition === "" ? "" : ": " + condition);
  };

  const headersOf = (link) => {
    const cell = link.closest("td");
    const row = cell?.parentElement;
    const table = cell?.closest("table");
    if (!cell || !row || !table) return [];
    return [row.children[0], table.rows[0].cells[cell.cellIndex]];
  };

  const highlight = (link) => {
    for (const header of link.closest("table")?.querySelectorAll(".on") ?? []) header.classList.remove("on");
    for (const header of headersOf(link)) header?.classList.add("on");
  };

  /** Goes where the address says: the view, the pair or the line that it names. */
  const route = () => {
    const element = byId(target());
    if (target() === "view-conflicts" || target() === "view-footprints") {
      showView(target().slice(5));
      scrollTo(0, 0);
      return;
    }
    if (element === null) return;
    const view = element.closest(".view-conflicts") ? "conflicts" : element.closest(".view-footprints") ? "footprints" : undefined;
    if (view !== undefined) showView(view);
    const pair = element.closest(".pair");
    if (pair !== null) {
      choose(pair);
      reveal(pair);
    } else element.scrollIntoView({ block: "start" });
  };

  /** As little scrolling as shows its beginning: the matrix stays in sight where there is room. */
  const reveal = (pair) => {
    const { top } = pair.getBoundingClientRect();
    if (top < 0) pair.scrollIntoView({ block: "start" });
    else if (top > innerHeight * 0.6) scrollBy(0, top - innerHeight * 0.4);
  };

  const remember = (address) => {
    try {
      history.pushState(null, "", address);
    } catch {
      // A page without an address of its own, as in a preview.
    }
  };

  const move = (link, key, far) => {
    const cell = link.closest("td, th");
    const row = cell?.parentElement;
    const body = row?.parentElement;
    if (!cell || !row || !body) return undefined;
    const [x, y] = [cell.cellIndex, Array.prototype.indexOf.call(body.children, row)];
    const at = (column, line) => body.children[line]?.children[column]?.querySelector("a") ?? undefined;
    const last = body.children.length - 1;
    switch (key) {
      case "ArrowLeft":
        return at(x - 1, y);
      case "ArrowRight":
        return at(x + 1, y);
      case "ArrowUp":
        return at(x, y - 1);
      case "ArrowDown":
        return at(x, y + 1);
      case "Home":
        return far ? at(1, 0) : at(1, y);
      case "End":
        return far ? at(last + 1, last) : at(y + 1, y);
    }
    return undefined;
  };

  for (const table of document.querySelectorAll(".matrix")) {
    table.addEventListener("keydown", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (!(link instanceof HTMLElement) || !(event instanceof KeyboardEvent)) return;
      if (event.key === " ") {
        event.preventDefault();
        link.click();
        return;
      }
      const next = move(link, event.key, event.ctrlKey);
      if (!(next instanceof HTMLElement)) return;
      event.preventDefault();
      link.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
    table.addEventListener("focusin", (event) => {
      const link = event.target instanceof Element ? event.target.closest("td a") : null;
      if (link !== null) highlight(link);
    });
    table.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("td a") : null;
      if (link === null || !(event instanceof MouseEvent) || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const address = link.getAttribute("href") ?? "";
      const pair = byId(address.slice(1))?.closest(".pair");
      if (!pair) return;
      // To follow the link would take the focus out of the grid.
      event.preventDefault();
      if (location.hash !== address) remember(address);
      choose(pair);
      reveal(pair);
    });
  }

  for (const section of document.querySelectorAll(".view-conflicts")) {
    const pairs = section.querySelector(".pairs");
    const button = section.querySelector(".all-pairs");
    button?.addEventListener("click", () => {
      const all = pairs?.classList.toggle("all") === true;
      button.setAttribute("aria-pressed", String(all));
    });
    const first = [".sign.red", ".sign.amber", ".sign.purple", ".sign.green", ".sign"]
      .map((sign) => section.querySelector(".pair h4 " + sign)?.closest(".pair"))
      .find((pair) => pair instanceof Element);
    if (first) choose(first);
  }

  root.classList.add("js");
  showView(root.dataset.open ?? "conflicts");
  addEventListener("hashchange", route);
  const wanted = root.dataset.at;
  if (location.hash !== "") route();
  else if (wanted !== undefined) byId(wanted)?.scrollIntoView({ block: "start" });
})();
`;
