"""Draws a figure that assay plot has laid out: job on stdin, image on stdout. No choice about data is made here.

job = {"format": "png" | "svg", "metadata": {name: text}, "figure": {"title", "subtitle", "panels": [panel]}}
panel kinds:
  lines      x {label, log, words?}, y {label}, lines [{label, level, x, y}] (null: no value), missing [{x, line, status}],
             scale {label, log}? (colour stands for the level of a line)
  histogram  x, values, mean {value}, quantiles [{probability, value}], note
  band       x, y, at, mean, quantiles [{probability, values}]
Exit status 3: matplotlib cannot be imported.
"""
# SPDX-License-Identifier: MIT
import io
import json
import sys

try:
    import matplotlib
    from matplotlib import cm, colors
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator
except ImportError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(3)

# Okabe and Ito: told apart with every common colour vision, and in grey.
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999"]
MARKERS = "osD^vP*X"
MISSING = {"unconverged": ("x", "#C00000"), "failed": ("X", "#C00000"), "skipped": ("|", "#808080"),
           "not finite": ("1", "#C00000")}
INK, FAINT = "#222222", "#777777"


def style() -> None:
    """Nothing of the user's settings: the same job gives the same bytes."""
    matplotlib.rcdefaults()
    matplotlib.rcParams.update({
        "svg.hashsalt": "assay", "font.family": "DejaVu Sans", "font.size": 9, "axes.labelsize": 9.5, "axes.titlesize": 10.5,
        "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": FAINT, "axes.labelcolor": INK,
        "xtick.color": FAINT, "ytick.color": FAINT, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
        "axes.grid": True, "grid.color": "#E4E4E4", "grid.linewidth": 0.6, "axes.axisbelow": True,
        "lines.linewidth": 1.4, "lines.markersize": 4.2, "legend.frameon": False, "legend.fontsize": 8.5,
        "axes.formatter.use_mathtext": True, "axes.formatter.limits": (-3, 4), "axes.xmargin": 0.03})


def draw_x_axis(axes, panel: dict) -> None:
    x = panel["x"]
    axes.set_xlabel(x["label"])
    if x.get("log"):
        axes.set_xscale("log")
    if x.get("words"):
        axes.set_xticks(range(len(x["words"])))
        axes.set_xticklabels(x["words"])


def draw_missing(axes, panel: dict) -> None:
    """What has no value is marked where it should stand, just above the horizontal axis."""
    transform = axes.get_xaxis_transform()
    for status in sorted({point["status"] for point in panel["missing"]}):
        marker, colour = MISSING.get(status, ("x", "#C00000"))
        at = sorted({point["x"] for point in panel["missing"] if point["status"] == status})
        axes.plot(at, [0.035] * len(at), marker, color=colour, markersize=6, markeredgewidth=1.4, transform=transform,
                  clip_on=False, label=status, zorder=5)


def draw_lines(figure, axes, panel: dict) -> None:
    lines, scale = panel["lines"], panel.get("scale")
    ramp = None
    levels = [line["level"] for line in lines]
    numeric = all(isinstance(level, (int, float)) and not isinstance(level, bool) for level in levels)
    if len(lines) > 2 and numeric:
        low, high = min(levels), max(levels)
        log = bool(scale and scale["log"] and low > 0)
        norm = colors.LogNorm(low, high) if log else colors.Normalize(low, high)
        ramp = cm.ScalarMappable(norm, colors.ListedColormap(cm.get_cmap("viridis")([i / 287 for i in range(256)])))
    many = sum(len(line["x"]) for line in lines) > 60 * max(1, len(lines))
    for k, line in enumerate(lines):
        colour = ramp.to_rgba(line["level"]) if ramp else PALETTE[k % len(PALETTE)]
        y = [float("nan") if value is None else value for value in line["y"]]
        label = None if scale else line["label"] or None
        joined = "-" if not panel["x"].get("words") else ""
        marker = "" if many and joined else "o" if ramp or len(lines) == 1 else MARKERS[k % len(MARKERS)]
        axes.plot(line["x"], y, marker=marker, linestyle=joined or "none", color=colour, label=label)
    values = [value for line in lines for value in line["y"] if value is not None]
    if min(values) < 0 < max(values):
        axes.axhline(0, color=FAINT, linewidth=0.8, zorder=1)
    if panel["missing"]:
        axes.margins(y=0.12)
        draw_missing(axes, panel)
    if scale:
        figure.colorbar(ramp, ax=axes, label=scale["label"], pad=0.02, aspect=25)
    axes.set_ylabel(panel["y"]["label"])


def percent(probability: float) -> str:
    return f"{100 * probability:.4g} %"


def draw_histogram(axes, panel: dict) -> None:
    values = panel["values"]
    count, low, high = len(values), min(values), max(values)
    ordered = sorted(values)
    spread = ordered[(3 * count) // 4] - ordered[count // 4] if count > 3 else 0
    width = 2 * spread / count ** (1 / 3) if spread > 0 else 0  # Freedman and Diaconis
    bins = min(60, max(5, round((high - low) / width))) if width > 0 else 5
    axes.hist(values, bins=bins, color="#9CC3DE", edgecolor="white", linewidth=0.6)
    top = axes.get_ylim()[1]
    axes.set_ylim(0, top * 1.12)
    for row in panel["quantiles"]:
        axes.axvline(row["value"], color=PALETTE[1], linewidth=1.0, linestyle="-" if row["probability"] == 0.5 else "--")
        axes.annotate(percent(row["probability"]), (row["value"], 1.0), xycoords=("data", "axes fraction"), xytext=(2, -2),
                      textcoords="offset points", va="top", ha="left", rotation=90, fontsize=7.5, color=PALETTE[1])
    axes.plot([panel["mean"]["value"]], [0], marker="^", color=INK, markersize=7, clip_on=False, linestyle="none", label="mean",
              zorder=6)
    axes.set_ylabel("members")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title(panel["note"], fontsize=8.5, color=FAINT, loc="right")
    axes.grid(axis="x", visible=False)


def draw_band(axes, panel: dict) -> None:
    at, rows = panel["at"], sorted(panel["quantiles"], key=lambda row: row["probability"])
    while len(rows) > 1:
        low, high = rows[0], rows[-1]
        axes.fill_between(at, low["values"], high["values"], color=PALETTE[0], alpha=0.18, linewidth=0,
                          label=f"{percent(low['probability'])} to {percent(high['probability'])}")
        rows = rows[1:-1]
    if rows:
        name = "median" if rows[0]["probability"] == 0.5 else percent(rows[0]["probability"])
        axes.plot(at, rows[0]["values"], "-o", color=PALETTE[0], label=name)
    axes.plot(at, panel["mean"], "--", color=INK, linewidth=1.0, label="mean")
    axes.set_ylabel(panel["y"]["label"])


def main() -> None:
    job = json.load(sys.stdin)
    style()
    layout = job["figure"]
    panels = layout["panels"]
    figure = Figure(figsize=(6.4, 0.9 + 2.45 * len(panels)), layout="constrained")
    FigureCanvasAgg(figure)
    stacked = all(panel["kind"] != "histogram" for panel in panels)
    grid = figure.subplots(len(panels), 1, sharex=stacked, squeeze=False)[:, 0]
    for place, (axes, panel) in enumerate(zip(grid, panels)):
        if panel["kind"] == "lines":
            draw_lines(figure, axes, panel)
        elif panel["kind"] == "histogram":
            draw_histogram(axes, panel)
        else:
            draw_band(axes, panel)
        draw_x_axis(axes, panel)
        if stacked and place + 1 < len(panels):
            axes.set_xlabel("")
        if axes.get_legend_handles_labels()[1] and (place == 0 or panel.get("missing")):
            axes.legend(loc="best")
    figure.suptitle(layout["title"], x=0.01, ha="left", fontsize=11, color=INK, fontweight="bold")
    figure.text(0.99, 0.985, layout["subtitle"], ha="right", va="top", fontsize=7.5, color=FAINT)
    image = io.BytesIO()
    figure.savefig(image, format=job["format"], dpi=150, metadata=job["metadata"])
    sys.stdout.buffer.write(image.getvalue())


main()
