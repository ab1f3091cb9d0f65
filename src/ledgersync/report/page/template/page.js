(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const names = data.columns.map((pair) => pair[0]);
  const byId = (id) => document.getElementById(id);
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const choose = { unit: byId("unit"), of: byId("of"), level: byId("level"), ledger: byId("ledger") };
  let unit = 0;

  const cell = (at, line, column) => data.cells[at][line][names.indexOf(column)];
  const place = (element, kind, at, line, text) => {
    element.id = kind + "." + data.units[at].code + "." + data.lines[line].id;
    element.textContent = text;
  };
  const under = (at, top) => {
    for (let up = at; up !== null; up = data.units[up].above) {
      if (up === top) return true;
    }
    return false;
  };

  // A number as it is sorted and drawn; null for words.
  const size = (text) => {
    const found = /[-+]?[0-9][0-9,]*(\.[0-9]+)?/.exec(text);
    return found ? parseFloat(found[0].replace(/,/g, "")) : null;
  };

  function drawHeadlines() {
    for (const card of all(".card")) {
      const line = Number(card.dataset.line);
      const value = card.querySelector(".value");
      const now = cell(unit, line, "now");
      place(value.querySelector("[id]"), "head-now", unit, line, now);
      value.classList.toggle("words", size(now) === null && now.length > 1);
      value.querySelector(".measure").hidden = size(now) === null;
      place(card.querySelector(".change [id]"), "head-yoy", unit, line, cell(unit, line, "yoy"));
      const spark = card.querySelector(".spark");
      if (spark) spark.toggleAttribute("hidden", unit !== 0);
    }
    if (byId("course-of")) byId("course-of").hidden = unit === 0;
    byId("state").textContent = data.units[unit].state;
    for (const whose of all(".whose")) whose.textContent = data.units[unit].name;
  }

  function drawFigures() {
    for (const row of all("#figures tbody tr")) {
      const line = Number(row.dataset.line);
      all("td.number a", row).forEach((link, at) => {
        place(link, names[at], unit, line, data.cells[unit][line][at]);
      });
      row.querySelector(".note").textContent = data.notes[data.cells[unit][line][names.length] || 0];
    }
  }

  function drawPath() {
    const path = byId("path");
    path.hidden = data.units.length < 2;
    path.textContent = "";
    const ups = [];
    for (let up = unit; up !== null; up = data.units[up].above) ups.unshift(up);
    const below = data.units.map((_, at) => at).filter((at) => data.units[at].above === unit);
    const button = (at) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = data.units[at].name;
      if (at === unit) made.setAttribute("aria-current", "true");
      made.addEventListener("click", () => show(at, true));
      path.append(made);
    };
    ups.forEach((up, number) => {
      if (number) path.append(" › ");
      button(up);
    });
    if (below.length) path.append("　下级：");
    below.forEach(button);
  }

  function drawCompared() {
    if (!choose.of) return;
    const line = Number(choose.of.value);
    const level = choose.level.value;
    const top = data.units.some((each) => each.above === unit) ? unit : data.units[unit].above;
    const rows = all("#compared tbody tr");
    const shown = (at) => at === 0 || (under(at, top) && at !== top && (!level || data.units[at].level === level));
    const sizes = data.units.map((_, at) => (at && shown(at) ? Math.abs(size(cell(at, line, "now")) || 0) : 0));
    const greatest = Math.max(...sizes);
    for (const row of rows) {
      const at = Number(row.dataset.unit);
      const cells = all("td.number [id]", row);
      place(cells[0], "of-now", at, line, cell(at, line, "now"));
      place(cells[1], "of-yoy", at, line, cell(at, line, "yoy"));
      const bar = row.querySelector("rect");
      if (bar) bar.setAttribute("width", greatest ? (100 * sizes[at]) / greatest : 0);
      row.hidden = !shown(at);
      row.classList.toggle("current", at === unit);
    }
    byId("compared-caption").textContent = data.lines[line].name + "（" + data.lines[line].measure + "）";
  }

  function show(at, said) {
    unit = at;
    if (choose.unit) choose.unit.value = String(at);
    drawPath();
    drawHeadlines();
    drawFigures();
    drawCompared();
    filter();
    if (said) {
      byId("said").textContent = "现在看的是：" + data.units[at].name;
      const now = byId("path").querySelector("[aria-current]");
      if (now) now.focus();
    }
  }

  function filter() {
    const asked = byId("find").value.trim().toLowerCase();
    const ledger = choose.ledger.value;
    let count = 0;
    const rows = all("#figures tbody tr");
    for (const row of rows) {
      const fits = (!ledger || row.dataset.ledger === ledger) && row.textContent.toLowerCase().includes(asked);
      row.hidden = !fits;
      if (fits) count += 1;
    }
    byId("count").textContent = count === rows.length ? "" : "列出 " + count + " 项，共 " + rows.length + " 项";
  }

  function sort(table, column, header) {
    const down = header.getAttribute("aria-sort") === "descending";
    const first = header.getAttribute("aria-sort") === null && header.classList.contains("number");
    const sign = first || !(down || header.getAttribute("aria-sort") === null) ? -1 : 1;
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const key = (row) => row.cells[column].textContent.trim();
    const compare = (one, other) => {
      const a = key(one), b = key(other);
      if (!header.classList.contains("number")) return sign * a.localeCompare(b, "zh-CN");
      const x = size(a), y = size(b);
      if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0);
      return sign * (x - y);
    };
    const total = rows.filter((row) => row.classList.contains("total"));
    const others = rows.filter((row) => !row.classList.contains("total")).sort(compare);
    body.append(...total, ...others);
    for (const each of all("thead th", table)) each.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
  }

  function sortable(table) {
    all("thead th[scope]", table).forEach((header) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = header.textContent;
      header.dataset.name = header.textContent;
      header.textContent = "";
      header.append(button);
      button.addEventListener("click", () => sort(table, header.cellIndex, header));
    });
  }

  // `#now.360797.visits_made` leads to that number, whichever unit and indicator is shown.
  function reach() {
    for (const old of all(".found")) old.classList.remove("found");
    let name = "";
    try {
      name = decodeURIComponent(location.hash.slice(1));
    } catch (error) {
      return;
    }
    const [kind, code, ...rest] = name.split(".");
    const at = data.units.findIndex((each) => each.code === code);
    if (kind === "unit" && at >= 0) {
      show(at, true);
      byId("heads").scrollIntoView();
      return;
    }
    const line = data.lines.findIndex((each) => each.id === rest.join("."));
    if (at >= 0 && line >= 0 && kind.startsWith("of-") && choose.of) {
      choose.level.value = "";
      if (choose.of.value !== String(line)) {
        choose.of.value = String(line);
        drawCompared();
      }
      if (unit !== 0) show(0, false);
    } else if (at >= 0 && line >= 0 && at !== unit) {
      show(at, false);
    }
    const found = byId(name);
    if (!found) return;
    if (found.closest("[hidden]")) {
      byId("find").value = choose.ledger.value = "";
      filter();
    }
    for (let up = found; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") up.open = true;
    }
    const box = found.closest("td, .card, article, figure") || found;
    if (found.tagName !== "SECTION") box.classList.add("found");
    if (found.tabIndex < 0 && !found.hasAttribute("tabindex")) found.setAttribute("tabindex", "-1");
    found.scrollIntoView({ block: found.matches("section, article") ? "start" : "center" });
    found.focus({ preventScroll: true });
  }

  // Which number a reader came from stands at the meaning it leads to.
  function ask(event) {
    const link = event.target.closest("td.number a, .card .name, #figures th a");
    if (!link) return;
    const meaning = byId(decodeURIComponent(link.hash.slice(1)));
    const row = link.closest("[data-line]");
    const number = link.matches("td.number a") ? link : row.querySelector("td.number a, .value [id]");
    const asked = meaning && meaning.querySelector(".asked");
    if (!asked) return;
    const column = data.columns.find((pair) => pair[0] === number.id.split(".")[0].replace("head-", ""));
    const line = data.lines[Number(row.dataset.line)];
    const code = document.createElement("code");
    code.textContent = "ledgersync trace --number '" + data.file + "#" + number.id + "'";
    asked.textContent = "";
    asked.append(data.units[unit].name, "，", line.name, "，", column[1], "：", number.textContent, "。", "追到行：", code);
    asked.hidden = false;
  }

  // In English: every text of the page that is known whole, or part by part; the rest stays as it is.
  const english = new Map(data.units.map((each) => [each.name, each.name]).concat(Object.entries(data.english)));
  const han = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
  const number = /[0-9][0-9,.]*/g;
  const between = [["；", "; "], ["，", ", "], ["：", ": "], ["、", ", "]];

  // Null where a part of the text is not known.
  function translated(text) {
    if (english.has(text)) return english.get(text);
    if (!han.test(text)) return text;
    const numbers = text.match(number) || [];
    const pattern = english.get(text.replace(number, "#"));
    if (pattern) return pattern.replace(/#/g, () => numbers.shift());
    const inner = /^(.+)（(.+)）$/.exec(text);
    const two = inner ? [translated(inner[1]), translated(inner[2])] : [null];
    if (!two.includes(null)) return two[0] + " (" + two[1] + ")";
    for (const [sign, said] of between) {
      const at = text.indexOf("：");
      const split = sign === "：" && at >= 0 ? [text.slice(0, at), text.slice(at + 1)] : text.split(sign);
      if (split.length < 2) continue;
      const parts = split.map((part) => translated(part.trim()));
      if (!parts.includes(null)) return parts.join(said).trim();
    }
    return null;
  }

  const attributes = ["title", "aria-label", "placeholder", "data-name"];
  const originals = new Map();
  let spoken = "zh";

  function say(node) {
    const text = node.data.trim();
    if (!han.test(text)) return;
    const said = translated(text);
    if (said !== null) {
      originals.set(node, node.data);
      node.data = node.data.replace(text, () => (text.endsWith("：") ? said.trim() + " " : said));
    }
    if (han.test(said || text) && !/[A-Za-z]/.test(said || text)) node.parentElement.lang = "zh-CN";
  }

  function sayAll(from) {
    const walk = document.createTreeWalker(from, NodeFilter.SHOW_TEXT);
    for (let node = from.nodeType === 3 ? from : walk.nextNode(); node; node = walk.nextNode()) {
      if (!node.parentElement.closest("script, style, #language")) say(node);
    }
  }

  const watch = new MutationObserver((changes) => {
    for (const change of changes) {
      for (const added of change.addedNodes) if (added.isConnected) sayAll(added);
    }
  });

  function speak(language) {
    spoken = language;
    const root = document.documentElement;
    watch.disconnect();
    if (language === "en") {
      sayAll(document.body);
      for (const name of attributes) {
        for (const each of all("[" + name + "]")) {
          const said = translated(each.getAttribute(name));
          if (said === null) continue;
          each.dataset["zh" + name.replace(/-/g, "")] = each.getAttribute(name);
          each.setAttribute(name, said);
        }
      }
      document.title = byId("title").textContent;
      watch.observe(document.body, { childList: true, subtree: true });
    } else {
      for (const [node, text] of originals) node.data = text;
      originals.clear();
      for (const each of all("[lang]", document.body)) each.removeAttribute("lang");
      for (const name of attributes) {
        const kept = "zh" + name.replace(/-/g, "");
        for (const each of all("[data-" + kept + "]")) {
          each.setAttribute(name, each.dataset[kept]);
          delete each.dataset[kept];
        }
      }
      document.title = byId("title").textContent;
    }
    root.lang = language === "en" ? "en" : "zh-CN";
    byId("language").textContent = language === "en" ? "中文" : "English";
    byId("language").lang = language === "en" ? "zh-CN" : "en";
  }

  const themes = [["", "随系统"], ["light", "浅色"], ["dark", "深色"]];
  let theme = 0;
  function paint() {
    const button = byId("theme");
    button.textContent = "颜色：" + themes[theme][1];
    if (themes[theme][0]) document.documentElement.dataset.theme = themes[theme][0];
    else delete document.documentElement.dataset.theme;
  }

  for (const hidden of all(".script-only")) hidden.hidden = false;
  for (const table of all("table[data-sort]")) sortable(table);
  if (choose.unit) choose.unit.addEventListener("change", () => show(Number(choose.unit.value), false));
  if (choose.of) choose.of.addEventListener("change", drawCompared);
  if (choose.level) choose.level.addEventListener("change", drawCompared);
  choose.ledger.addEventListener("change", filter);
  byId("find").addEventListener("input", filter);
  byId("print").addEventListener("click", () => window.print());
  byId("language").addEventListener("click", () => speak(spoken === "en" ? "zh" : "en"));
  byId("theme").addEventListener("click", () => {
    theme = (theme + 1) % themes.length;
    paint();
  });
  document.addEventListener("click", ask);
  window.addEventListener("hashchange", reach);
  show(0, false);
  if (location.hash) reach();
})();
