// Wakes GOV.UK Frontend's components. Every page works without this; with it, it is easier.

const library = document.querySelector("link[data-library]");

if ("noModule" in HTMLScriptElement.prototype && library) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  const { initAll } = await import(library.href);
  initAll();
}

// A menu that was opened closes when somebody turns away from it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.app-fold[open]")) {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") {
    return;
  }
  for (const menu of document.querySelectorAll("details.app-fold[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A long list of choices in groups, such as the weeks of a year: all of them at one press.
for (const choices of document.querySelectorAll("[data-choose-all]")) {
  const all = document.createElement("button");
  all.type = "button";
  all.className = "app-link-button app-choose-all";
  all.textContent = choices.dataset.chooseAll;
  all.addEventListener("click", () => {
    for (const box of choices.querySelectorAll("input[type=checkbox]")) {
      box.checked = true;
    }
    choices.dispatchEvent(new Event("input", { bubbles: true }));
  });
  choices.before(all);
}

// What is entered in a form that can wait is kept by itself, a second after the last change or when the page is left.
for (const form of document.querySelectorAll("form[data-keep]")) {
  let waiting;
  const keep = () => {
    clearTimeout(waiting);
    waiting = undefined;
    const headers = { Prefer: "return=minimal" };
    // Nobody is told where it fails: nothing was promised, and the button says more.
    fetch(form.dataset.keep, { method: "POST", body: new FormData(form), headers, keepalive: true }).catch(() => {});
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 1000);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    waiting = undefined;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && waiting !== undefined) {
      keep();
    }
  });
}

// What a drawing shows is printed as a table too, also by browsers that print a closed element closed.
let openedForPrint = [];
window.addEventListener("beforeprint", () => {
  openedForPrint = [...document.querySelectorAll("details.app-figure__table:not([open])")];
  openedForPrint.forEach((table) => (table.open = true));
});
window.addEventListener("afterprint", () => {
  openedForPrint.forEach((table) => (table.open = false));
});
