"use strict";
// Without this script the page holds everything, as one table; with it that table is for print, and people filter.
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const people = data.people;
  const accounts = data.accounts.map(([name, unit]) => ({ name, unit }));
  const sets = data.sets.map(([name, titled, administers], index) => ({ name, titled, administers, index }));
  const grants = data.grants.map(([set, way, who, where]) => ({ set: sets[set], way, who, where, covers: new Set(where) }));

  const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare;
  const ranks = (names) => {
    const ordered = names.map((_, index) => index).sort((a, b) => compare(names[a], names[b]));
    const rank = [];
    ordered.forEach((index, place) => {
      const before = ordered[place - 1];
      rank[index] = place > 0 && names[before] === names[index] ? rank[before] : place;
    });
    return rank;
  };
  const personRank = ranks(people);
  const accountRank = ranks(accounts.map((each) => each.name));
  const setRank = ranks(sets.map((each) => each.name));
  const wayRank = ranks(grants.map((each) => each.way));
  const grantsOf = people.map(() => []);
  grants.forEach((grant) => grant.who.forEach((person) => grantsOf[person].push(grant)));

  const make = (tag, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const number = (value) => value.toLocaleString("en-US");
  const counted = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

  // A letter or three for a permission set, where columns are narrow.
  const codes = new Set();
  sets.forEach((set) => {
    const capitals = (set.name.match(/\p{Lu}|\d+/gu) || []).join("").slice(0, 3);
    const stem = capitals.length > 1 ? capitals : set.name.slice(0, 2);
    set.code = stem;
    for (let next = 2; codes.has(set.code); next += 1) set.code = `${stem}${next}`;
    codes.add(set.code);
    set.colour = set.administers ? "set set-0" : `set set-${1 + (set.index % 7)}`;
  });

  // What is looked for. A text that is somebody's whole name means that name alone, any other every name with it.
  const inputs = { person: byId("person"), account: byId("account"), set: byId("permission-set") };
  const meant = (input, names) => {
    const text = input.value.trim().toLowerCase();
    const lower = names.map((name) => name.toLowerCase());
    const whole = lower.includes(text);
    const indices = lower.flatMap((name, index) => (whole ? name === text : name.includes(text)) ? [index] : []);
    return { active: text !== "", indices, words: whole ? `is “${input.value.trim()}”` : `has “${input.value.trim()}”` };
  };
  let found;
  const look = () => {
    const who = meant(inputs.person, people);
    const where = meant(inputs.account, accounts.map((each) => each.name));
    const set = inputs.set.value === "" ? null : sets[Number(inputs.set.value)];
    const whoAre = new Set(who.indices);
    const whereAre = new Set(where.indices);
    const kept = grants
      .filter((grant) => set === null || grant.set === set)
      .map((grant) => ({
        grant,
        who: grant.who.filter((person) => whoAre.has(person)),
        where: grant.where.filter((account) => whereAre.has(account)),
      }))
      .filter((each) => each.who.length > 0 && each.where.length > 0);
    const holders = new Set(kept.flatMap((each) => each.who));
    const held = new Set(kept.flatMap((each) => each.where));
    const words = [];
    if (who.active) words.push(`person ${who.words}`);
    if (where.active) words.push(`account ${where.words}`);
    if (set !== null) words.push(`permission set is “${set.name}”`);
    found = {
      kept,
      set,
      words: words.join(", "),
      holders,
      held,
      ways: kept.reduce((sum, each) => sum + each.who.length * each.where.length, 0),
      // Without a reason to leave them out, those who can do nothing are shown as such.
      people: who.indices.filter((person) => !(where.active || set !== null) || holders.has(person)),
      accounts: where.indices.filter((account) => !(who.active || set !== null) || held.has(account)),
    };
    const which = found.words ? ` where ${found.words}` : "";
    const groups = [...holders].filter((person) => data.everybody[person]).length;
    byId("status").textContent =
      `${counted(holders.size - groups, "person", "people")}${groups ? ` and ${counted(groups, "group")}` : ""}` +
      ` in ${counted(held.size, "account")}, ` +
      `${counted(found.ways, "grant")}${which}`;
  };

  // Both tables hold only the rows and columns in sight, and gaps as large as the others.
  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
  const inSight = (from, length, size, total, spare) => {
    const first = Math.max(0, Math.floor(from / size) - spare);
    return [first, Math.max(first, Math.min(total, Math.ceil((from + length) / size) + spare))];
  };
  const gapRow = (height, columns) => {
    const row = make("tr", { className: "gap" }, make("td", { colSpan: columns }));
    row.setAttribute("aria-hidden", "true");
    row.style.height = `${height}px`;
    row.firstChild.style.height = `${height}px`;
    return row;
  };

  const matrix = (() => {
    const scroller = byId("matrix");
    const table = scroller.querySelector("table");
    const said = byId("cell");
    const hint = said.textContent;
    const widest = 8;
    let descending = false;
    let rows = [];
    let columns = [];
    let current = null;
    let drawn = "";
    let size;

    const held = (person, account) =>
      grantsOf[person].filter((grant) => grant.covers.has(account) && (found.set === null || grant.set === found.set));
    // Who administers an account is not to be overlooked: such permission sets come first.
    const different = (person, account) =>
      [...new Set(held(person, account).map((grant) => grant.set))]
        .sort((a, b) => b.administers - a.administers || a.index - b.index);
    const measure = () => {
      const unit = rem();
      const many = columns.length > widest;
      scroller.classList.toggle("many", many);
      const longest = (names) => Math.max(8, ...names.map((name) => name.length));
      const first = Math.min(window.innerWidth < 640 ? 9 : 18, longest(rows.map((person) => people[person])) * 0.62 + 2) * unit;
      const most = Math.max(1, ...rows.map((person) => Math.max(0, ...columns.map((account) => different(person, account).length))));
      const roomy = Math.floor((scroller.parentElement.clientWidth - first - 4) / Math.max(1, columns.length));
      const codes = many ? Math.min(2, most) : most;
      const narrow = Math.max(2.75, codes * 1.85 + (most > codes ? 1.5 : 0.5)) * unit;
      const column = many ? narrow : Math.max(narrow + unit, 6 * unit, Math.min(16 * unit, roomy));
      // Names where all of them fit, and letters elsewhere: nothing that somebody can do is cut off.
      const fits = (held) => held.reduce((sum, set) => sum + set.name.length * 0.53 + 1.1, 1.3) * unit <= column;
      const named = !many && rows.every((person) => columns.every((account) => fits(different(person, account))));
      size = { many, named, first, column, codes, row: 2.25 * unit };
      table.style.setProperty("--longest", `${Math.min(22, longest(columns.map((account) => accounts[account].name)) * 0.52)}rem`);
      table.style.width = `${size.first + size.column * columns.length}px`;
      table.style.setProperty("--first", `${size.first}px`);
    };
    const widths = (from, to) => {
      const group = make("colgroup");
      const sizes = [size.first, from * size.column, ...Array(to - from).fill(size.column), (columns.length - to) * size.column];
      sizes.forEach((width) => {
        const column = make("col");
        column.style.width = `${width}px`;
        group.append(column);
      });
      return group;
    };
    const gap = (tag) => {
      const cell = make(tag, { className: "gap" });
      cell.setAttribute("aria-hidden", "true");
      return cell;
    };
    const head = (from, to) => {
      const sort = make("button", { type: "button", tabIndex: 0 }, `Person ${descending ? "↓" : "↑"}`);
      const corner = make("th", { className: "corner", scope: "col", rowSpan: 2 }, sort);
      corner.setAttribute("aria-sort", descending ? "descending" : "ascending");
      corner.setAttribute("aria-colindex", "1");
      const units = make("tr", {}, corner, gap("th"));
      const names = make("tr", {}, gap("th"));
      for (let at = from; at < to; ) {
        const { unit } = accounts[columns[at]];
        let end = at;
        while (end < to && accounts[columns[end]].unit === unit) end += 1;
        units.append(make("th", { className: "unit", scope: "colgroup", colSpan: end - at, title: unit }, make("span", {}, unit)));
        at = end;
      }
      for (let at = from; at < to; at += 1) {
        const { name } = accounts[columns[at]];
        const cell = make("th", { className: "name", scope: "col", title: name }, make("span", {}, name));
        cell.setAttribute("aria-colindex", String(at + 2));
        names.append(cell);
      }
      units.append(gap("th"));
      names.append(gap("th"));
      return make("thead", {}, units, names);
    };
    const tell = (person, account, ways) => {
      const what = ways.map((grant) => `${grant.set.titled} ${grant.way}`).join("; ");
      return `${people[person]} in ${accounts[account].name}: ${what || "nothing"}`;
    };
    const body = ([top, bottom], [from, to]) => {
      const drawnRows = [];
      for (let at = top; at < bottom; at += 1) {
        const person = rows[at];
        const name = make("th", { scope: "row", title: people[person] }, people[person]);
        name.setAttribute("aria-colindex", "1");
        const row = make("tr", {}, name, gap("td"));
        row.setAttribute("aria-rowindex", String(at + 3));
        row.classList.toggle("current", current !== null && current.row === at);
        for (let column = from; column < to; column += 1) {
          const account = columns[column];
          const ways = held(person, account);
          const cell = make("td", { id: `at-${at}-${column}` });
          cell.setAttribute("role", "gridcell");
          cell.setAttribute("aria-colindex", String(column + 2));
          if (ways.length > 0) {
            cell.title = tell(person, account, ways);
            const all = different(person, account);
            const shown = all.slice(0, size.codes);
            shown.forEach((set) => cell.append(make("span", { className: set.colour }, size.named ? set.name : set.code)));
            if (shown.length < all.length) cell.append(make("small", {}, ` +${all.length - shown.length}`));
          }
          if (current !== null && current.row === at && current.column === column) {
            cell.classList.add("current");
            cell.setAttribute("aria-selected", "true");
          }
          row.append(cell);
        }
        row.append(gap("td"));
        drawnRows.push(row);
      }
      const across = to - from + 3;
      return make("tbody", {}, gapRow(top * size.row, across), ...drawnRows, gapRow((rows.length - bottom) * size.row, across));
    };
    const draw = (force = false) => {
      const down = inSight(scroller.scrollTop, scroller.clientHeight || 700, size.row, rows.length, 4);
      const across = inSight(scroller.scrollLeft, scroller.clientWidth || 1200, size.column, columns.length, 4);
      const what = `${down} ${across}`;
      if (!force && what === drawn) return;
      drawn = what;
      const sorting = document.activeElement !== null && table.querySelector(".corner button") === document.activeElement;
      table.replaceChildren(widths(...across), head(...across), body(down, across));
      if (sorting) table.querySelector(".corner button").focus();
      table.setAttribute("aria-rowcount", String(rows.length + 2));
      table.setAttribute("aria-colcount", String(columns.length + 1));
      const selected = current === null ? null : byId(`at-${current.row}-${current.column}`);
      if (selected) table.setAttribute("aria-activedescendant", selected.id);
      else table.removeAttribute("aria-activedescendant");
    };
    const goTo = (row, column) => {
      if (rows.length === 0 || columns.length === 0) return;
      current = {
        row: Math.max(0, Math.min(rows.length - 1, row)),
        column: Math.max(0, Math.min(columns.length - 1, column)),
      };
      const above = table.tHead.offsetHeight;
      const [y, x] = [current.row * size.row, current.column * size.column];
      scroller.scrollTop = Math.min(y, Math.max(scroller.scrollTop, y + size.row + above - scroller.clientHeight + 2));
      scroller.scrollLeft = Math.min(x, Math.max(scroller.scrollLeft, x + size.column + size.first - scroller.clientWidth + 2));
      const [person, account] = [rows[current.row], columns[current.column]];
      const ways = held(person, account);
      said.replaceChildren(make("b", {}, people[person]), " in ", make("b", {}, accounts[account].name), ": ");
      said.append(tell(person, account, ways).slice(`${people[person]} in ${accounts[account].name}: `.length));
      draw(true);
    };
    const order = () => rows.sort((a, b) => (personRank[a] - personRank[b] || a - b) * (descending ? -1 : 1));

    table.addEventListener("keydown", (event) => {
      if (event.target !== table) return;
      const at = current || { row: 0, column: 0 };
      const page = Math.max(1, Math.floor((scroller.clientHeight - table.tHead.offsetHeight) / size.row) - 1);
      const everything = event.ctrlKey || event.metaKey;
      const to = {
        ArrowUp: [at.row - 1, at.column],
        ArrowDown: [at.row + (current ? 1 : 0), at.column],
        ArrowLeft: [at.row, at.column - 1],
        ArrowRight: [at.row, at.column + (current ? 1 : 0)],
        PageUp: [at.row - page, at.column],
        PageDown: [at.row + page, at.column],
        Home: [everything ? 0 : at.row, 0],
        End: [everything ? rows.length : at.row, columns.length],
      }[event.key];
      if (!to || event.altKey) return;
      event.preventDefault();
      goTo(...to);
    });
    table.addEventListener("click", (event) => {
      if (event.target.closest("button")) {
        descending = !descending;
        order();
        current = null;
        draw(true);
        return;
      }
      const cell = event.target.closest("td[id]");
      if (cell) goTo(...cell.id.split("-").slice(1).map(Number));
    });
    scroller.addEventListener("scroll", () => requestAnimationFrame(() => draw()), { passive: true });

    return {
      show() {
        rows = [...found.people];
        columns = [...found.accounts];
        order();
        current = null;
        said.textContent = hint;
        measure();
        byId("legend").replaceChildren(
          ...(size.named ? [] : sets).map((set) => make("li", {}, make("span", { className: set.colour }, set.code), ` ${set.titled}`)),
        );
        scroller.hidden = rows.length === 0 || columns.length === 0;
        scroller.scrollTo(0, 0);
        draw(true);
      },
    };
  })();

  const list = (() => {
    const scroller = byId("list");
    const table = scroller.querySelector("table");
    const heads = [...table.tHead.querySelectorAll("th")];
    const by = [
      (one) => personRank[one[0]],
      (one) => accountRank[one[1]],
      (one) => setRank[one[2].set.index],
      (one) => wayRank[one[3]],
    ];
    let column = 0;
    let descending = false;
    let lines = [];
    let drawn = "";

    const order = () => {
      // After the column that is sorted by, the others from the left.
      const keys = [by[column], ...by.filter((_, index) => index !== column)];
      const sign = descending ? -1 : 1;
      lines.sort((a, b) => {
        for (let at = 0; at < keys.length; at += 1) {
          const difference = keys[at](a) - keys[at](b);
          if (difference !== 0) return at === 0 ? difference * sign : difference;
        }
        return a[0] - b[0] || a[1] - b[1];
      });
      heads.forEach((head, index) => {
        head.setAttribute("aria-sort", index !== column ? "none" : descending ? "descending" : "ascending");
      });
    };
    const draw = (force = false) => {
      const height = 2.25 * rem();
      const [top, bottom] = inSight(scroller.scrollTop, scroller.clientHeight, height, lines.length, 8);
      const what = `${top} ${bottom}`;
      if (!force && what === drawn) return;
      drawn = what;
      const rows = lines.slice(top, bottom).map(([person, account, grant], index) => {
        const row = make(
          "tr",
          {},
          make("th", { scope: "row", title: people[person] }, people[person]),
          make("td", { title: accounts[account].name }, accounts[account].name),
          make("td", {}, make("span", { className: grant.set.colour }, grant.set.titled)),
          make("td", { title: grant.way }, grant.way),
        );
        row.setAttribute("aria-rowindex", String(top + index + 2));
        return row;
      });
      table.tBodies[0].replaceChildren(gapRow(top * height, 4), ...rows, gapRow((lines.length - bottom) * height, 4));
      table.setAttribute("aria-rowcount", String(lines.length + 1));
    };
    heads.forEach((head, index) => {
      head.querySelector("button").addEventListener("click", () => {
        descending = index === column && !descending;
        column = index;
        order();
        scroller.scrollTop = 0;
        draw(true);
      });
    });
    scroller.addEventListener("scroll", () => requestAnimationFrame(() => draw()), { passive: true });

    return {
      show() {
        lines = found.kept.flatMap(({ grant, who, where }) => {
          const index = grants.indexOf(grant);
          return who.flatMap((person) => where.map((account) => [person, account, grant, index]));
        });
        order();
        scroller.classList.toggle("short", lines.length < 15);
        scroller.scrollTop = 0;
        draw(true);
      },
    };
  })();

  const form = byId("filters");
  const show = () => {
    const asList = form.elements.view.value === "list";
    byId("matrix-view").hidden = asList;
    byId("list-view").hidden = !asList;
    (asList ? list : matrix).show();
  };
  const refresh = () => {
    look();
    show();
  };
  let waiting = 0;
  form.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(refresh);
  });
  form.addEventListener("reset", () => setTimeout(refresh));
  form.addEventListener("submit", (event) => event.preventDefault());
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    // A keyboard on a phone's screen changes the height alone.
    if (width === window.innerWidth) return;
    width = window.innerWidth;
    show();
  });

  // On paper: what is filtered, summed up, and the whole tree.
  const summed = byId("summed-up").querySelector("tbody");
  const whole = [...summed.children];
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("#organization details:not([open])")];
    closed.forEach((each) => { each.open = true; });
    if (!found.words) return;
    byId("filtered").textContent = `Only where ${found.words}: ${byId("status").textContent}.`;
    const lines = [...found.holders].sort((a, b) => personRank[a] - personRank[b]).flatMap((person) =>
      found.kept
        .filter((each) => each.who.includes(person))
        .map(({ grant, where }) => [people[person], grant.set.titled, where.map((at) => accounts[at].name).join(", "), grant.way]),
    );
    summed.replaceChildren(...lines.map((cells) => make("tr", {}, ...cells.map((text) => make("td", {}, text)))));
  });
  window.addEventListener("afterprint", () => {
    closed.forEach((each) => { each.open = false; });
    byId("filtered").textContent = "";
    summed.replaceChildren(...whole);
  });

  sets.forEach((set) => inputs.set.append(make("option", { value: String(set.index) }, set.name)));
  byId("people").append(...people.map((name) => make("option", { value: name })));
  byId("accounts").append(...accounts.map((each) => make("option", { value: each.name })));
  document.documentElement.classList.add("scripted");
  ["filters", "status"].forEach((id) => { byId(id).hidden = false; });
  refresh();
})();
