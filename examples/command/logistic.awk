# A program for examples/command.toml: the logistic map x -> r x (1 - x), iterated from a start.
# usage: awk -v r=3.7 -v start=0.5 -v steps=1000 -f logistic.awk
BEGIN {
  if (r <= 0 || r > 4) {
    print "logistic.awk: r must be above 0 and at most 4, found " r > "/dev/stderr"
    exit 2
  }
  x = start
  for (i = 0; i < steps; ++i) {
    x = r * x * (1 - x)
    sum += log(r * (1 - 2 * x) < 0 ? -r * (1 - 2 * x) : r * (1 - 2 * x))
  }
  printf "end %.12f\n", x
  printf "lyapunov %.6f\n", sum / steps
}
