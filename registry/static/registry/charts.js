// Draws each canvas[data-chart="x"] from the data block with the id x; a bar opens its list.
// Where the data have numbers of before, a pale bar of them stands beside each; data-now and
// data-before are what the two are called.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const charts = [];
  const box = document.querySelector(".chart");
  const colour = (name) => getComputedStyle(box).getPropertyValue(name).trim();
  const paint = (chart) => {
    chart.options.plugins.legend.labels.color = colour("--body-medium-color");
    for (const axis of Object.values(chart.options.scales)) {
      axis.ticks.color = colour("--body-medium-color");
      axis.grid.color = colour("--hairline-color");
      axis.border = { color: colour("--border-color") };
    }
    chart.update("none");
  };

  window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  document.querySelectorAll("canvas[data-chart]").forEach((canvas) => {
    const bands = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
    const datasets = [{
      label: canvas.dataset.now,
      data: bands.map((band) => band.number),
      backgroundColor: () => colour("--bar"),
      maxBarThickness: 36,
    }];
    const compares = bands.some((band) => "before" in band);
    if (compares) {
      datasets.unshift({
        label: canvas.dataset.before,
        data: bands.map((band) => band.before),
        backgroundColor: () => colour("--bar-before"),
        maxBarThickness: 36,
      });
    }
    const chart = new window.Chart(canvas, {
      type: "bar",
      data: { labels: bands.map((band) => band.label), datasets },
      options: {
        animation: false,
        maintainAspectRatio: false,
        plugins: { legend: { display: compares, labels: { boxWidth: 12 } }, colors: { enabled: false } },
        scales: {
          x: { ticks: {}, grid: { display: false } },
          y: { beginAtZero: true, ticks: { precision: 0 }, grid: {} },
        },
        onClick: (_event, [bar]) => { if (bar && bands[bar.index].url) location.href = bands[bar.index].url; },
        onHover: (event, [bar]) => {
          event.native.target.classList.toggle("clickable", Boolean(bar && bands[bar.index].url));
        },
      },
    });
    charts.push(chart);
    paint(chart);
  });

  const repaint = () => charts.forEach(paint);
  document.addEventListener("registry:theme", repaint);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  window.addEventListener("beforeprint", () => charts.forEach((chart) => chart.resize()));
});
