"use strict";
// Without this script the page holds everything, as one list; with it that list is filtered, and drawn as a matrix.
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const people = data.people;
  const accounts = data.accounts.map(([name, unit, id]) => ({ name, unit, id }));
  const sets = data.sets.map(([name, titled, administers, colour], index) => ({ name, titled, administers, colour, index }));
  const grants = data.grants.map(([set, group, way, who, where]) => (
    { set: sets[set], group, way, who: new Set(who), where, covers: new Set(where) }
  ));
  const grantsOf = people.map((_, person) => grants.filter((grant) => grant.who.has(person)));
  // What a change does to what somebody has in an account: a sign for each permission set.
  const signs = { "+": "gained", "-": "lost", "~": "changed" };
  const changesOf = people.map(() => new Map());
  const changes = data.changes.map(([sign, set, who, where]) => ({ sign, set: sets[set], who, where }));
  changes.forEach(({ sign, set, who, where }) => who.forEach((person) => where.forEach((account) => {
    const there = changesOf[person].get(account) ?? new Map();
    changesOf[person].set(account, there.set(set, sign));
  })));
  const changesIn = (person, account) => changesOf[person].get(account) ?? new Map();
  const changedAccounts = new Set(changes.flatMap(({ where }) => where));

  const make = (tag, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const counted = (value, one, many = `${one}s`) => `${value.toLocaleString("en-US")} ${value === 1 ? one : many}`;
  // People, and groups of whose members AWS alone knows.
  const heads = (persons) => {
    const groups = persons.filter((person) => data.everybody[person]).length;
    const users = persons.length - groups;
    return [users || !groups ? counted(users, "person", "people") : "", groups ? counted(groups, "group") : ""].filter(Boolean).join(" and ");
  };

  // A letter or three for a permission set, where columns are narrow.
  const codes = new Set();
  sets.forEach((set) => {
    const capitals = (set.name.match(/\p{Lu}|\d+/gu) || []).join("").slice(0, 3);
    const stem = capitals.length > 1 ? capitals : set.name.slice(0, 2);
    set.code = stem;
    for (let next = 2; codes.has(set.code); next += 1) set.code = `${stem}${next}`;
    codes.add(set.code);
  });

  // What is looked for. A text that is somebody's whole name means that name alone, any other every name with it.
  const form = byId("filters");
  const fields = form.elements;
  const meant = (text, names) => {
    const sought = text.trim().toLowerCase();
    const lower = names.map((name) => name.toLowerCase());
    const whole = lower.includes(sought);
    const indices = lower.flatMap((name, index) => (whole ? name === sought : name.includes(sought)) ? [index] : []);
    return { indices: new Set(indices), words: `${whole ? "is" : "has"} “${text.trim()}”` };
  };
  const within = (unit) => ({ unit: at }) => unit === "" || at === unit || at.startsWith(`${unit}/`);
  let found;
  const look = () => {
    const value = Object.fromEntries([...new FormData(form)].map(([name, text]) => [name, text.trim()]));
    const who = new Set([...meant(value.person, people).indices].filter((person) => !value.changes || changesOf[person].size > 0));
    const named = [...meant(value.account, accounts.map((each) => each.name)).indices].filter((account) => !value.changes || changedAccounts.has(account));
    const inUnit = within(value.unit);
    const where = new Set(named.filter((account) => inUnit(accounts[account])));
    const kept = new Set(grants.filter((grant) => (
      (value.set === "" || grant.set.name === value.set)
      && (value.group === "" || data.groups[grant.group] === value.group)
      && (!value.administrators || grant.set.administers)
      && grant.where.some((account) => where.has(account))
      && [...grant.who].some((person) => who.has(person))
    )));
    const holders = new Set([...kept].flatMap((grant) => [...grant.who].filter((person) => who.has(person))));
    const held = new Set([...kept].flatMap((grant) => grant.where.filter((account) => where.has(account))));
    const ofGrants = value.set || value.group || value.administrators;
    // Of what is lost nobody says any more through which group it was.
    const keeps = (set) => value.group === "" && (value.set === "" || set.name === value.set) && (!value.administrators || set.administers);
    const lost = changes.filter(({ sign, set, who: whose, where: there }) => (
      sign === "-" && keeps(set) && whose.some((person) => who.has(person)) && there.some((account) => where.has(account))
    ));
    const losers = new Set(lost.flatMap((each) => each.who.filter((person) => who.has(person))));
    const losing = new Set(lost.flatMap((each) => each.where.filter((account) => where.has(account))));
    const words = [
      value.person && `person ${meant(value.person, people).words}`,
      value.group && `group is “${value.group}”`,
      value.account && `account ${meant(value.account, accounts.map((each) => each.name)).words}`,
      value.unit && `unit is “${value.unit}”`,
      value.set && `permission set is “${value.set}”`,
    ].filter(Boolean).join(", ");
    // Without a reason to leave them out, those who can do nothing are shown as such.
    const persons = [...who].filter((person) => !(value.account || value.unit || ofGrants) || holders.has(person));
    found = {
      kept,
      // Which of a grant's accounts are looked at, where not all are.
      covered: value.account || value.unit ? (grant) => grant.where.filter((account) => where.has(account)) : null,
      people: new Set(persons),
      rows: new Set([...persons, ...losers]),
      accounts: [...where].filter((account) => !(value.person || ofGrants) || held.has(account) || losing.has(account)),
      keeps,
      byName: value.person !== "",
      filtered: words !== "" || Boolean(value.administrators) || Boolean(value.changes),
    };
    byId("nobody").hidden = persons.length > 0;
    let ways = 0;
    kept.forEach((grant) => {
      ways += [...grant.who].filter((person) => who.has(person)).length * grant.where.filter((account) => where.has(account)).length;
    });
    const out = people.map((_, person) => person).filter((person) => person < data.listed && !found.people.has(person));
    byId("status").textContent =
      `${heads([...holders])} in ${counted(held.size, "account")}, ${counted(ways, "grant")}${words && ` where ${words}`}`
      + (value.administrators ? ", administrators only" : "")
      + (value.changes ? ", changes only" : "")
      + (out.length ? `; filtered out: ${heads(out)}` : "");
  };

  // The list holds everybody; what the filters leave out is hidden.
  const rows = [...document.querySelectorAll("#list tbody tr")].map((row) => {
    const persons = row.dataset.people.split(",").map(Number);
    return {
      row,
      persons,
      fold: row.querySelector("th .fold"),
      names: [...row.querySelectorAll("th .names li")],
      grants: [...row.querySelectorAll(".grants > li")].map((item) => ({
        item,
        grant: grants[item.dataset.grant],
        where: item.querySelector(".where"),
        everywhere: [...item.querySelector(".where").childNodes],
      })),
    };
  });
  const placed = (some) => (some.length > 3 ? `${some.length.toLocaleString("en-US")} of these accounts` : some.map((account) => accounts[account].name).join(", "));
  const list = () => rows.forEach(({ row, persons, fold, names, grants: has }) => {
    row.hidden = !persons.some((person) => found.people.has(person));
    has.forEach(({ item, grant, where, everywhere }) => {
      item.hidden = !found.kept.has(grant);
      const covered = found.covered && !item.hidden ? found.covered(grant) : grant.where;
      const more = grant.where.length - covered.length;
      where.replaceChildren(...(more > 0 ? [`in ${placed(covered)} and in ${more.toLocaleString("en-US")} more`] : everywhere));
    });
    names.forEach((name, at) => { name.hidden = !found.people.has(persons[at]); });
    if (fold) fold.open = found.byName;
  });

  // The matrix holds only the rows and columns in sight, and gaps as large as the others.
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
    const hint = [...said.childNodes];
    const widest = 8;
    const opened = new Set();
    let rows = [];
    let columns = [];
    let current = null;
    let drawn = "";
    let size;

    const held = ({ person }, account) => grantsOf[person].filter((grant) => grant.covers.has(account) && found.kept.has(grant));
    // Who administers an account is not to be overlooked: such permission sets come first.
    const different = (row, account) =>
      [...new Set(held(row, account).map((grant) => grant.set))]
        .sort((a, b) => b.administers - a.administers || a.index - b.index);
    // What changes comes before those: `sign` is empty where nothing does.
    const marked = (row, account) => {
      const here = changesIn(row.person, account);
      const lost = [...here].filter(([set, sign]) => sign === "-" && found.keeps(set)).map(([set]) => set);
      return [...different(row, account), ...lost]
        .map((set) => ({ set, sign: here.get(set) ?? "" }))
        .sort((a, b) => (b.sign !== "") - (a.sign !== ""));
    };
    const measure = () => {
      const unit = rem();
      const many = columns.length > widest;
      scroller.classList.toggle("many", many);
      const longest = (names) => Math.max(8, ...names.map((name) => name.length));
      const first = Math.min(window.innerWidth < 640 ? 9 : 18, longest(rows.map((row) => row.name)) * 0.62 + 2) * unit;
      const most = Math.max(1, ...rows.map((row) => Math.max(0, ...columns.map((account) => marked(row, account).length))));
      const roomy = Math.floor((scroller.parentElement.clientWidth - first - 4) / Math.max(1, columns.length));
      const codes = many ? Math.min(2, most) : most;
      const code = changes.length === 0 ? 1.85 : (many ? 3.1 : 3.6);
      const narrow = Math.max(2.75, codes * code + (most > codes ? 1.5 : 0.5)) * unit;
      const column = many ? narrow : Math.max(narrow + unit, 6 * unit, Math.min(16 * unit, roomy));
      // Names where all of them fit, and letters elsewhere: nothing that somebody can do is cut off.
      const fits = (marks) => marks.reduce((sum, { set, sign }) => sum + (set.name.length + 2 * sign.length) * 0.53 + 1.1, 1.3) * unit <= column;
      const named = !many && rows.every((row) => columns.every((account) => fits(marked(row, account))));
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
      const corner = make("th", { className: "corner", scope: "col", rowSpan: 2 }, "Person");
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
    const tell = (row, account) => {
      const here = changesIn(row.person, account);
      const said = (set) => here.has(set) ? `${signs[here.get(set)]}: ` : "";
      const has = held(row, account).map((grant) => `${said(grant.set)}${grant.set.titled} ${grant.way}`);
      const lost = marked(row, account).filter(({ sign }) => sign === "-").map(({ set }) => `${said(set)}${set.titled}`);
      return `${row.name} in ${accounts[account].name}: ${[...has, ...lost].join("; ") || "nothing"}`;
    };
    // https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
    const shortcut = (account, set) => make("a", {
      href: `${data.portal}/#/console?account_id=${account.id}&role_name=${encodeURIComponent(set.name)}`,
      rel: "noreferrer",
    }, `sign in with ${set.name}`);
    const body = ([top, bottom], [from, to]) => {
      const drawnRows = [];
      for (let at = top; at < bottom; at += 1) {
        const of = rows[at];
        const name = make("th", { scope: "row", title: of.title, className: of.inside ? "inside" : "" });
        if (of.equal === undefined) name.append(of.name);
        else {
          const fold = make("button", { type: "button", tabIndex: -1 }, of.name);
          fold.setAttribute("aria-expanded", String(opened.has(of.equal)));
          name.append(fold);
        }
        name.setAttribute("aria-colindex", "1");
        const row = make("tr", {}, name, gap("td"));
        row.setAttribute("aria-rowindex", String(at + 3));
        row.classList.toggle("current", current !== null && current.row === at);
        for (let column = from; column < to; column += 1) {
          const account = columns[column];
          const all = marked(of, account);
          const cell = make("td", { id: `at-${at}-${column}` });
          cell.setAttribute("role", "gridcell");
          cell.setAttribute("aria-colindex", String(column + 2));
          if (all.length > 0) {
            cell.title = tell(of, account);
            const shown = all.slice(0, size.codes);
            shown.forEach(({ set, sign }) => cell.append(make(
              "span", { className: `${set.colour} ${signs[sign] ?? ""}`.trim() }, `${sign && `${sign} `}${size.named ? set.name : set.code}`,
            )));
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
      table.replaceChildren(widths(...across), head(...across), body(down, across));
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
      const [of, account] = [rows[current.row], columns[current.column]];
      said.replaceChildren(make("b", {}, of.name), " in ", make("b", {}, accounts[account].name), ": ");
      said.append(tell(of, account).slice(`${of.name} in ${accounts[account].name}: `.length));
      if (data.portal && /^\d{12}$/.test(accounts[account].id)) {
        different(of, account).forEach((set) => said.append(" · ", shortcut(accounts[account], set)));
      }
      draw(true);
    };
    // People with equal access are one row, which opens to a row for each of them.
    const put = () => {
      rows = data.equals.flatMap((persons, equal) => {
        const shown = persons.filter((person) => found.rows.has(person));
        const single = (inside) => (person) => ({ person, name: people[person], title: people[person], inside });
        if (shown.length < 2) return shown.map(single(false));
        const together = { person: shown[0], name: `${people[shown[0]]} and ${shown.length - 1} more`, title: shown.map((each) => people[each]).join(", "), equal };
        return [together, ...(opened.has(equal) ? shown.map(single(true)) : [])];
      });
    };
    const toggle = (row) => {
      const { equal } = rows[row];
      if (equal === undefined) return;
      if (!opened.delete(equal)) opened.add(equal);
      put();
      draw(true);
    };

    table.addEventListener("keydown", (event) => {
      if (event.target !== table) return;
      const at = current || { row: 0, column: 0 };
      const page = Math.max(1, Math.floor((scroller.clientHeight - table.tHead.offsetHeight) / size.row) - 1);
      const everything = event.ctrlKey || event.metaKey;
      if (event.key === "Enter" && current) toggle(current.row);
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
        toggle(Number(event.target.closest("tr").getAttribute("aria-rowindex")) - 3);
        return;
      }
      const cell = event.target.closest("td[id]");
      if (cell) goTo(...cell.id.split("-").slice(1).map(Number));
    });
    scroller.addEventListener("scroll", () => requestAnimationFrame(() => draw()), { passive: true });

    return {
      show() {
        put();
        columns = found.accounts;
        current = null;
        said.replaceChildren(...hint);
        measure();
        byId("legend").replaceChildren(
          ...[...new Set(changes.map(({ sign }) => sign))].map((sign) => make("li", {}, make("b", {}, sign), ` ${signs[sign]}`)),
          ...(size.named ? [] : sets).map((set) => make("li", {}, make("span", { className: set.colour }, set.code), ` ${set.titled}`)),
        );
        scroller.hidden = rows.length === 0 || columns.length === 0;
        scroller.scrollTo(0, 0);
        draw(true);
      },
    };
  })();

  const show = () => {
    const drawn = fields.view.value === "matrix";
    byId("matrix-view").hidden = !drawn;
    byId("list").classList.toggle("filtered", found.filtered);
    byId("list").hidden = drawn ? "until-found" : false;
    if (drawn) matrix.show();
  };
  const refresh = () => {
    look();
    list();
    show();
  };

  // The filters are in the address after #access?, to be mailed, and to go back to.
  const read = () => {
    const address = location.hash;
    if (address !== "" && !address.startsWith("#access?")) return;
    const asked = new URLSearchParams(address.slice("#access?".length));
    form.reset();
    for (const [name, value] of asked) {
      // An address is anybody's: it may name what is no field.
      const field = fields.namedItem(name);
      if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    }
    for (const select of form.querySelectorAll("select")) if (select.selectedIndex < 0) select.value = "";
    refresh();
    if (address !== "") byId("access").scrollIntoView();
  };
  const write = () => {
    const chosen = [...new FormData(form)].filter(([name, value]) => value !== "" && `${name} ${value}` !== "view list");
    const address = `#access?${new URLSearchParams(chosen)}`;
    if (location.hash !== address && (chosen.length > 0 || location.hash.startsWith("#access?"))) history.pushState(null, "", address);
  };
  let waiting = 0;
  form.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(refresh);
  });
  form.addEventListener("change", write);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(refresh));
  document.querySelectorAll("[type=reset]").forEach((button) => button.addEventListener("click", () => setTimeout(write)));
  window.addEventListener("hashchange", read);
  document.querySelectorAll("a[data-filter]").forEach((link) => { link.hash = `access?${link.dataset.filter}`; });
  // What the browser's search finds in the list is shown there.
  byId("list").addEventListener("beforematch", () => {
    fields.view.value = "list";
    show();
  });
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    // A keyboard on a phone's screen changes the height alone.
    if (width === window.innerWidth) return;
    width = window.innerWidth;
    show();
  });

  const options = (names) => [...new Set(names)].sort().map((name) => make("option", { value: name }, name));
  fields.set.append(...options(sets.map((set) => set.name)));
  fields.group.append(...options(data.groups));
  fields.unit.append(...options(accounts.flatMap(({ unit }) => unit.split("/").map((_, depth, parts) => parts.slice(0, depth + 1).join("/")))));
  byId("people").append(...people.map((name) => make("option", { value: name })));
  byId("accounts").append(...accounts.map((each) => make("option", { value: each.name })));
  byId("changes-only").hidden = changes.length === 0;
  form.hidden = false;
  refresh();
  read();
})();
