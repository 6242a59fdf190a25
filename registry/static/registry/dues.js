// The collection sheet by keyboard: arrows, Enter, paste from Excel, all paid, undo, running sums.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const sheet = document.querySelector("form[data-sheet]");
  if (!sheet) return;

  const rows = [...sheet.querySelectorAll("tr[data-row]")];
  const columns = [...sheet.querySelectorAll("col")];
  const sums = sheet.querySelector("tr[data-sums]");
  const month = sheet.querySelector("#month");
  const status = sheet.querySelector("[data-status]");
  const firstMonth = 2; // after the tick and the name
  const lastColumn = columns.length - 2; // what is given beyond the dues

  /** The box in a row and a column, or nothing where no money is taken. */
  const boxAt = (row, column) => rows[row]?.cells[column]?.querySelector("input:not([type=checkbox])");
  const tickOf = (row) => rows[row].querySelector("input[type=checkbox]");
  const placeOf = (box) => ({
    row: rows.indexOf(box.closest("tr")), column: box.closest("td").cellIndex,
  });
  const isBox = (target) => target.matches?.("tr[data-row] td input:not([type=checkbox])");
  const columnOfMonth = () => columns.findIndex((each) => each.dataset.month === month.value);

  // Amounts, in whole fen

  const halfWidth = (text) => text.replace(/[！-～]/g, (sign) => (
    String.fromCharCode(sign.charCodeAt(0) - 0xfee0)
  )).replace(/[￥¥元\s　]/g, "");

  /** What is typed, in fen; NaN for what is no amount, about which the server says more. */
  const fenIn = (text) => {
    const plain = halfWidth(text);
    if (!plain) return 0;
    const found = /^(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.(\d{0,2})0*)?$/.exec(plain);
    if (!found) return NaN;
    return Number(found[1].replaceAll(",", "")) * 100 + Number((found[2] || "").padEnd(2, "0"));
  };
  const yuan = (fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;

  const show = (cell, typed) => {
    if (!cell) return;
    const strong = cell.querySelector("strong");
    strong.textContent = yuan(fenIn(cell.dataset.sum) + typed);
    cell.classList.toggle("typed", typed > 0);
  };

  /** Add what is typed to what is paid: by member, by month, and altogether. */
  const addUp = () => {
    const byColumn = new Map();
    let count = 0;
    let total = 0;
    rows.forEach((row, index) => {
      let ofRow = 0;
      for (let column = firstMonth; column <= lastColumn; column += 1) {
        const box = boxAt(index, column);
        const fen = box ? fenIn(box.value) : 0;
        box?.classList.toggle("unread", Number.isNaN(fen));
        if (fen > 0) {
          count += 1;
          total += fen;
          byColumn.set(column, (byColumn.get(column) || 0) + fen);
          if (column !== lastColumn) ofRow += fen;
        }
      }
      show(row.lastElementChild, ofRow);
    });
    for (let column = firstMonth; column <= lastColumn; column += 1) {
      show(sums.cells[column], byColumn.get(column) || 0);
    }
    show(sums.lastElementChild, total - (byColumn.get(lastColumn) || 0));
    status.textContent = count
      ? sheet.dataset.entered.replace("%n", count).replace("%s", yuan(total)) : "";
  };

  // Changes, each of which can be taken back

  const done = []; // lists of [box, the text before]
  let before = ""; // in the box that has the focus

  /** Write texts into boxes as one change. */
  const write = (changes) => {
    const real = changes.filter(([box, text]) => box.value !== text);
    if (!real.length) return;
    done.push(real.map(([box]) => [box, box.value]));
    real.forEach(([box, text]) => { box.value = text; });
    if (real.some(([box]) => box === document.activeElement)) before = document.activeElement.value;
    sheet.dispatchEvent(new Event("input"));
  };

  /** Keep what was typed in a box by hand as a change of its own. */
  const keep = (box) => {
    if (box.value !== before) done.push([[box, before]]);
    before = box.value;
  };

  const takeBack = () => {
    const box = document.activeElement;
    if (isBox(box)) keep(box);
    const last = done.pop();
    if (!last) return;
    last.forEach(([each, text]) => { each.value = text; });
    if (last.length === 1) last[0][0].focus();
    if (isBox(document.activeElement)) before = document.activeElement.value;
    sheet.dispatchEvent(new Event("input"));
  };

  /** What is open in a box: the grey amount. */
  const openIn = (box) => box.placeholder;

  const fill = () => {
    const column = columnOfMonth();
    const boxes = rows.map((row, index) => [boxAt(index, column), tickOf(index)]);
    write(boxes.filter(([box, tick]) => box && openIn(box) && tick?.checked && !box.value)
      .map(([box]) => [box, openIn(box)]));
    sheet.querySelector("[data-save]").focus();
  };

  // Moving

  const goTo = (box) => {
    box.focus();
    box.select();
    box.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  /** Go to the next box in a direction; stay where there is none. */
  const go = ({ row, column }, down, right) => {
    let to = { row: row + down, column: column + right };
    while (rows[to.row] && to.column >= firstMonth && to.column <= lastColumn) {
      const box = boxAt(to.row, to.column);
      if (box) { goTo(box); return; }
      to = { row: to.row + down, column: to.column + right };
    }
  };

  const atStart = (box) => box.selectionStart === 0;
  const atEnd = (box) => box.selectionEnd === box.value.length;

  const keys = {
    ArrowDown: (box) => go(placeOf(box), 1, 0),
    ArrowUp: (box) => go(placeOf(box), -1, 0),
    ArrowLeft: (box) => atStart(box) && (go(placeOf(box), 0, -1), true),
    ArrowRight: (box) => atEnd(box) && (go(placeOf(box), 0, 1), true),
    Enter: (box, event) => go(placeOf(box), event.shiftKey ? -1 : 1, 0),
    " ": (box) => {
      const { row } = placeOf(box);
      write([[box, box.value ? "" : openIn(box)]]);
      const tick = tickOf(row);
      if (tick && placeOf(box).column === columnOfMonth()) tick.checked = box.value !== "";
      box.select();
    },
    Escape: (box) => { box.value = before; sheet.dispatchEvent(new Event("input")); },
  };

  sheet.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    if (command && !event.shiftKey && event.key.toLowerCase() === "z") {
      event.preventDefault();
      takeBack();
      return;
    }
    if (!isBox(event.target) || command || event.altKey || event.isComposing) return;
    const deed = keys[event.key];
    if (deed && deed(event.target, event) !== false) event.preventDefault();
  });

  // A column, or a block, copied from Excel

  sheet.addEventListener("paste", (event) => {
    if (!isBox(event.target)) return;
    const text = event.clipboardData.getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\n\t]/.test(text)) return; // one amount: as everywhere
    event.preventDefault();
    const from = placeOf(event.target);
    const changes = [];
    let leftOut = 0;
    text.split("\n").forEach((line, down) => line.split("\t").forEach((value, right) => {
      if (!value.trim()) return;
      const box = boxAt(from.row + down, from.column + right);
      if (box) changes.push([box, value.trim()]);
      else leftOut += 1;
    }));
    write(changes);
    if (leftOut) status.textContent += ` ${sheet.dataset.leftOut.replace("%n", leftOut)}`;
  });

  // All but some: who is unticked does not pay in the chosen month

  sheet.addEventListener("change", (event) => {
    if (!event.target.matches("tr[data-row] input[type=checkbox]")) return;
    const box = boxAt(rows.indexOf(event.target.closest("tr")), columnOfMonth());
    if (!box) return;
    const filled = box.value === openIn(box) && box.value !== "";
    if (!event.target.checked && filled) write([[box, ""]]);
    const others = rows.some((row, index) => index !== rows.indexOf(event.target.closest("tr"))
      && boxAt(index, columnOfMonth())?.value);
    if (event.target.checked && !box.value && others) write([[box, openIn(box)]]);
  });

  sheet.addEventListener("focusin", (event) => {
    if (!isBox(event.target)) return;
    before = event.target.value;
    event.target.select();
    const { row } = placeOf(event.target);
    rows.forEach((each, index) => each.classList.toggle("here", index === row));
  });
  sheet.addEventListener("focusout", (event) => { if (isBox(event.target)) keep(event.target); });
  sheet.addEventListener("input", addUp);

  sheet.querySelector("[data-fill]").addEventListener("click", (event) => {
    event.preventDefault();
    fill();
  });
  // Every browser has other keys for its access keys; this one is the same in all.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.code !== "KeyA") return;
    event.preventDefault();
    fill();
  });
  month.addEventListener("change", () => {
    columns.forEach((each, column) => each.classList.toggle("chosen", column === columnOfMonth()));
  });

  // What is empty need not travel.
  sheet.addEventListener("submit", () => {
    const empty = [...sheet.querySelectorAll("tr[data-row] td input:not([type=checkbox])")]
      .filter((each) => !each.value.trim());
    empty.forEach((each) => { each.disabled = true; });
    setTimeout(() => empty.forEach((each) => { each.disabled = false; }), 1000);
  });

  addUp();
  // The hands begin in the chosen month, at the first who has not paid; after select2's boxes.
  const wrong = sheet.querySelector("[aria-invalid]");
  const first = rows.findIndex((row, index) => boxAt(index, columnOfMonth()));
  const begin = wrong || boxAt(first, columnOfMonth());
  if (begin && !document.querySelector("#error-summary") && !sheet.querySelector("[autofocus]")) {
    begin.focus({ preventScroll: true });
  }
});
