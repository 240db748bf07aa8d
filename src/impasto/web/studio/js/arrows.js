// The focus moves within a group by arrows; the Tab key passes the group by.

/** Let arrows, Home and End move the focus among the elements of a group, as in a grid. */
export function arrows(group, selector) {
  group.addEventListener("keydown", (event) => {
    const all = [...group.querySelectorAll(selector)].filter((one) => one.offsetParent !== null);
    const at = all.indexOf(event.target.closest(selector));
    const columns = all.filter((one) => one.offsetTop === all[0].offsetTop).length;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const ends = { Home: 0, End: all.length - 1 };
    const to = event.key in ends ? ends[event.key] : at + steps[event.key];
    if (at < 0 || !all[to]) return;
    event.preventDefault();
    for (const one of all) one.tabIndex = one === all[to] ? 0 : -1;
    all[to].focus();
  });
}
